package source

import "syscall/js"

// session is the browser's sessionStorage. Everything goes through Call, which
// turns what JavaScript throws into a panic: a page that may store nothing
// throws when the property is read, and that ends a Go program.
type session struct{}

func defaultStorage() Storage { return session{} }

func (session) Get(key string) (value string) {
	defer forgive()
	if v := native().Call("getItem", key); v.Type() == js.TypeString {
		value = v.String()
	}
	return value
}

func (session) Set(key, value string) {
	defer forgive()
	native().Call("setItem", key, value)
}

func native() js.Value {
	return js.Global().Get("Reflect").Call("get", js.Global(), "sessionStorage")
}

// forgive ends a panic that JavaScript made, or that a missing storage did.
func forgive() {
	switch thrown := recover().(type) {
	case nil, js.Error, *js.ValueError:
	default:
		panic(thrown)
	}
}
