package strip_test

import (
	"fmt"

	"github.com/seawaykit/seaway/web/internal/strip"
)

// What Go has not built is not touched.
func ExampleWasm() {
	_, err := strip.Wasm([]byte("a text"))
	fmt.Println(err)
	// Output: this is no WebAssembly module that Go has built
}
