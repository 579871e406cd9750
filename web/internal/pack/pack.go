// Package pack compresses the built page once, so that servers do not have to:
// beside app.wasm it writes app.wasm.br, app.wasm.gz, and a stamp with the hash of
// the app.wasm that they were made from.
//
//	sizes, err := pack.File("web/build/app.wasm", 11)
//
// Brotli's best quality, 11, takes about 20 s for 7 MB and saves a seventh over
// quality 5, which takes 0.3 s. Files packed from the same wasm, at this quality or a
// better one, are left alone.
package pack

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/andybalholm/brotli"

	"github.com/seawaykit/seaway/web/internal/packed"
)

// Sizes are the lengths of a file and its compressed forms, in bytes.
type Sizes struct {
	Plain, Gzip, Brotli int64
	Quality             int  // of the brotli form
	Earlier             bool // it was packed before
}

func (s Sizes) String() string {
	earlier := ""
	if s.Earlier {
		earlier = ", packed earlier"
	}
	return fmt.Sprintf("%d bytes, gzip %d, brotli %d (quality %d%s)", s.Plain, s.Gzip, s.Brotli, s.Quality, earlier)
}

// Within returns an error if the brotli form has more than budget bytes.
func (s Sizes) Within(budget int64) error {
	if s.Brotli <= budget {
		return nil
	}
	return fmt.Errorf("the page has outgrown its budget: %d bytes of brotli, %d over the %d allowed", s.Brotli, s.Brotli-budget, budget)
}

// File compresses a file, unless its compressed files are there already.
func File(file string, quality int) (Sizes, error) {
	plain, err := os.ReadFile(file)
	if err != nil {
		return Sizes{}, err
	}
	stamp := packed.Stamp{Sum: sha256.Sum256(plain), Quality: quality}
	old, fits := stampOf(file)
	if fits && old.Sum == stamp.Sum && old.Quality >= quality {
		if s, err := measure(file); err == nil {
			s.Quality, s.Earlier = old.Quality, true
			return s, nil
		} // a packed file is missing: make both
	}
	if err := write(file, plain, stamp); err != nil {
		return Sizes{}, err
	}
	s, err := measure(file)
	s.Quality = quality
	return s, err
}

func stampOf(file string) (packed.Stamp, bool) {
	text, err := os.ReadFile(file + packed.StampEnding)
	if err != nil {
		return packed.Stamp{}, false
	}
	return packed.ParseStamp(text)
}

// write replaces the compressed files. While they are incomplete there is no
// stamp, so that they are not used.
func write(file string, plain []byte, stamp packed.Stamp) error {
	err := os.Remove(file + packed.StampEnding)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	zip := func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, gzip.BestCompression) }
	if err := compress(zip, file+packed.Gzip.Ending, plain); err != nil {
		return err
	}
	// The window covers the whole page: 16 MB, the largest every browser takes.
	br := func(w io.Writer) (io.WriteCloser, error) {
		return brotli.NewWriterOptions(w, brotli.WriterOptions{Quality: stamp.Quality, LGWin: 24}), nil
	}
	if err := compress(br, file+packed.Brotli.Ending, plain); err != nil {
		return err
	}
	return os.WriteFile(file+packed.StampEnding, []byte(stamp.String()), 0o644)
}

// compress writes the plain bytes to a file through a compressor.
func compress(compressor func(io.Writer) (io.WriteCloser, error), name string, plain []byte) error {
	var buf bytes.Buffer
	w, err := compressor(&buf)
	if err != nil {
		return err
	}
	if _, err := w.Write(plain); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(name, buf.Bytes(), 0o644)
}

func measure(file string) (s Sizes, err error) {
	for name, size := range map[string]*int64{
		file:                        &s.Plain,
		file + packed.Gzip.Ending:   &s.Gzip,
		file + packed.Brotli.Ending: &s.Brotli,
	} {
		info, err := os.Stat(name)
		if err != nil {
			return Sizes{}, err
		}
		*size = info.Size()
	}
	return s, nil
}
