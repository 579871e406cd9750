package browser

import (
	"errors"
	"syscall/js"
)

// Await blocks until the promise settles, and returns its value, or its reason
// as an error.
func Await(promise js.Value) (value js.Value, err error) {
	settled := make(chan struct{}, 1)
	done, releaseDone := Callback(func(args []js.Value) any {
		value = args[0]
		settled <- struct{}{}
		return nil
	})
	defer releaseDone()
	failed, releaseFailed := Callback(func(args []js.Value) any {
		err = errors.New(args[0].Call("toString").String())
		settled <- struct{}{}
		return nil
	})
	defer releaseFailed()
	promise.Call("then", done, failed)
	<-settled
	return value, err
}

// NewPromise returns a promise and the function that resolves it.
func NewPromise() (promise, resolve js.Value) {
	executor, release := Callback(func(args []js.Value) any {
		resolve = args[0]
		return nil
	})
	defer release() // it has run when New returns
	return js.Global().Get("Promise").New(executor), resolve
}
