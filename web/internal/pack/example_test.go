package pack_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/seawaykit/seaway/web/internal/pack"
)

func ExampleFile() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	page := filepath.Join(dir, "app.wasm")
	if err := os.WriteFile(page, make([]byte, 1000), 0o644); err != nil {
		log.Fatal(err)
	}
	for range 2 {
		sizes, err := pack.File(page, 5)
		fmt.Println(sizes.Plain, sizes.Brotli < 20, sizes.Earlier, err)
	}
	// Output:
	// 1000 true false <nil>
	// 1000 true true <nil>
}
