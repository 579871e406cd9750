package packed_test

import (
	"crypto/sha256"
	"fmt"

	"github.com/seawaykit/seaway/web/internal/packed"
)

// Packed files are used only if their stamp is of the file as it is.
func Example() {
	stamp := packed.Stamp{Sum: sha256.Sum256([]byte("the page")), Quality: 11}
	written := stamp.String()

	read, ok := packed.ParseStamp([]byte(written))
	fmt.Println(ok, read.Quality, read.Sum == sha256.Sum256([]byte("the page")), read.Sum == sha256.Sum256([]byte("another")))
	// Output: true 11 true false
}
