// Package packed names the files that lie beside a file in packed form, for
// web/pack, which writes them, and for package web, which sends them in its
// place.
//
// Beside app.wasm lie app.wasm.br, app.wasm.gz and app.wasm.stamp. The stamp
// says which app.wasm the others were made from. It is written last and removed
// first, so that where it fits, they do.
package packed

import (
	"crypto/sha256"
	"fmt"
)

// A Coding is one way to pack a file.
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

// StampEnding is the ending of a stamp's name.
const StampEnding = ".stamp"

// A Stamp says what packed files were made from, and how.
type Stamp struct {
	Sum     [sha256.Size]byte // of the plain file
	Quality int               // of the brotli form, 0 to 11
}

// String returns the stamp as it is written, one line.
func (s Stamp) String() string {
	return fmt.Sprintf("sha256:%x brotli:%d\n", s.Sum, s.Quality)
}

// ParseStamp reads what String returns. A text that is anything else is no
// stamp at all.
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
