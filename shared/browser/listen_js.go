package browser

import (
	"sync/atomic"
	"syscall/js"
)

// callbacks counts the functions that JavaScript holds.
var callbacks atomic.Int64

// Callbacks returns how many functions passed to JavaScript are not released.
func Callbacks() int64 { return callbacks.Load() }

// Callback returns a function that JavaScript can call. release must be called
// once.
func Callback(fn func(args []js.Value) any) (f js.Func, release func()) {
	f = js.FuncOf(func(_ js.Value, args []js.Value) any { return fn(args) })
	callbacks.Add(1)
	return f, func() {
		f.Release()
		callbacks.Add(-1)
	}
}

// Listen calls fn for each of a target's events with these names, until stop,
// which must be called once.
func Listen(target js.Value, fn func(event js.Value), names ...string) (stop func()) {
	f, release := Callback(func(args []js.Value) any {
		fn(args[0])
		return nil
	})
	for _, name := range names {
		target.Call("addEventListener", name, f)
	}
	return func() {
		for _, name := range names {
			target.Call("removeEventListener", name, f)
		}
		release()
	}
}
