package main

import (
	"fmt"
	"runtime"
)

// tryRecover panics deep down, with a collection on the way, and recovers where
// that is allowed: the runtime looks at the stack for all three.
func tryRecover() {
	defer func() { fmt.Println("recovered", recover(), "by who defers") }()
	defer func() {
		func() { fmt.Println("recovered", recover(), "by who does not defer") }()
	}()
	fmt.Println(sink(10_000))
}

func sink(n int) int {
	if n == 0 {
		runtime.GC()
		panic("deep")
	}
	return sink(n-1) + 1
}

// place returns the file and the line of the call.
func place() string {
	_, file, line, _ := runtime.Caller(1)
	return fmt.Sprint(file, ":", line)
}
