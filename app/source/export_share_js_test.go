package source

import "syscall/js"

// NewPromise returns a promise and the function that resolves it.
func NewPromise() (promise, resolve js.Value) { return newPromise() }
