package browser

import (
	"errors"
	"fmt"
	"syscall/js"
)

// Has reports whether this browser has a global class or function with this name.
func Has(name string) bool { return js.Global().Get(name).Type() == js.TypeFunction }

// New returns a new object of a global class. The error is an
// [errors.ErrUnsupported] if there is no such class, and otherwise the
// [js.Error] that its constructor throws, as for an address that it cannot read.
func New(class string, args ...any) (object js.Value, err error) {
	if !Has(class) {
		return js.Value{}, fmt.Errorf("browser: there is no %s here: %w", class, errors.ErrUnsupported)
	}
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case js.Error:
			err = thrown
		default:
			panic(thrown)
		}
	}()
	return js.Global().Get(class).New(args...), nil
}

// Resolve returns the absolute address that the page's reference stands for.
func Resolve(reference string) (address string, err error) {
	u, err := New("URL", Address(reference), js.Global().Get("location").Get("href"))
	if err != nil {
		return "", err
	}
	return u.Get("href").String(), nil
}
