package source

import "syscall/js"

// webStorage is the browser's storage of that name. Everything goes through Call, which
// turns what JavaScript throws into a panic: a page that may store nothing
// throws when the property is read, and that ends a Go program.
type webStorage string

func defaultStorage() Storage { return webStorage("sessionStorage") }

func defaultOriginStorage() Storage { return webStorage("localStorage") }

func (s webStorage) Get(key string) (value string) {
	defer forgive()
	if v := s.native().Call("getItem", key); v.Type() == js.TypeString {
		value = v.String()
	}
	return value
}

func (s webStorage) Set(key, value string) {
	defer forgive()
	s.native().Call("setItem", key, value)
}

func (s webStorage) native() js.Value {
	return js.Global().Get("Reflect").Call("get", js.Global(), string(s))
}

// forgive ends a panic that JavaScript made, or that a missing storage did.
func forgive() {
	switch thrown := recover().(type) {
	case nil, js.Error, *js.ValueError:
	default:
		panic(thrown)
	}
}
