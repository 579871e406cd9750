// Package packed names the compressed files beside a file, for web/page, which
// writes them, and for package assets, which serves them in its place.
//
// Beside app.wasm are app.wasm.br, app.wasm.gz and app.wasm.stamp. The stamp has
// the hash of the app.wasm that the others were made from. It is written last and
// removed first, so that if it fits, they do.
package packed

import (
	"crypto/sha256"
	"fmt"
)

// A Coding is one way to compress a file.
type Coding struct {
	Name   string // in Accept-Encoding and Content-Encoding
	Ending string // of the packed file's name
}

// The codings, by how well they pack.
var (
	Brotli  = Coding{"br", ".br"}
	Gzip    = Coding{"gzip", ".gz"}
	Codings = []Coding{Brotli, Gzip}
)

// StampEnding is the ending of a stamp's file name.
const StampEnding = ".stamp"

// A Stamp says from which file, and at which quality, the compressed files were
// made.
type Stamp struct {
	Sum     [sha256.Size]byte // of the plain file
	Quality int               // of the brotli form, 0 to 11
}

// String returns the content of the stamp's file, one line.
func (s Stamp) String() string {
	return fmt.Sprintf("sha256:%x brotli:%d\n", s.Sum, s.Quality)
}

// ParseStamp parses a String. It returns false for any other text.
func ParseStamp(text []byte) (s Stamp, ok bool) {
	var sum []byte
	if _, err := fmt.Sscanf(string(text), "sha256:%x brotli:%d\n", &sum, &s.Quality); err != nil {
		return Stamp{}, false
	}
	if copy(s.Sum[:], sum) != len(s.Sum) || s.String() != string(text) {
		return Stamp{}, false
	}
	return s, true
}
