package source

import (
	"errors"
	"syscall/js"
)

// await blocks until the promise settles. Both callbacks are released here, so
// a rejected promise leaks nothing.
func await(promise js.Value) (value js.Value, err error) {
	settled := make(chan struct{}, 1)
	done, releaseDone := callback(func(v js.Value) {
		value = v
		settled <- struct{}{}
	})
	defer releaseDone()
	failed, releaseFailed := callback(func(v js.Value) {
		err = errors.New(v.Call("toString").String())
		settled <- struct{}{}
	})
	defer releaseFailed()
	promise.Call("then", done, failed)
	<-settled
	return value, err
}

// callback returns a counted function for JavaScript.
func callback(fn func(js.Value)) (f js.Func, release func()) {
	f = js.FuncOf(func(_ js.Value, args []js.Value) any {
		fn(args[0])
		return nil
	})
	callbacks.Add(1)
	return f, func() {
		f.Release()
		callbacks.Add(-1)
	}
}
