package main

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

	"github.com/seawaykit/seaway/web/packed"
)

// sizes are the lengths of a file's forms, in bytes.
type sizes struct {
	plain, gzip, brotli int64
	how                 string // for people: how the brotli form came about
}

// pack writes the packed forms of file, unless those that are there will do.
func pack(file string, quality int) (sizes, error) {
	plain, err := os.ReadFile(file)
	if err != nil {
		return sizes{}, err
	}
	stamp := packed.Stamp{Sum: sha256.Sum256(plain), Quality: quality}
	old, fits := stampOf(file)
	if fits && old.Sum == stamp.Sum && old.Quality >= quality {
		if s, err := measure(file); err == nil {
			s.how = fmt.Sprintf("quality %d, packed earlier", old.Quality)
			return s, nil
		} // a packed file is missing: make both
	}
	if err := write(file, plain, stamp); err != nil {
		return sizes{}, err
	}
	s, err := measure(file)
	s.how = fmt.Sprintf("quality %d", quality)
	return s, err
}

func stampOf(file string) (packed.Stamp, bool) {
	text, err := os.ReadFile(file + packed.StampEnding)
	if err != nil {
		return packed.Stamp{}, false
	}
	return packed.ParseStamp(text)
}

// write replaces the packed forms. While they are half written there is no
// stamp, so that nobody takes them for the file's own.
func write(file string, plain []byte, stamp packed.Stamp) error {
	err := os.Remove(file + packed.StampEnding)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	zip := func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, gzip.BestCompression) }
	if err := through(zip, file+packed.Gzip.Ending, plain); err != nil {
		return err
	}
	// The window covers the whole page: 16 MB, the largest every browser takes.
	br := func(w io.Writer) (io.WriteCloser, error) {
		return brotli.NewWriterOptions(w, brotli.WriterOptions{Quality: stamp.Quality, LGWin: 24}), nil
	}
	if err := through(br, file+packed.Brotli.Ending, plain); err != nil {
		return err
	}
	return os.WriteFile(file+packed.StampEnding, []byte(stamp.String()), 0o644)
}

// through writes what a compressor makes of the plain bytes.
func through(compressor func(io.Writer) (io.WriteCloser, error), name string, plain []byte) error {
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

func measure(file string) (s sizes, err error) {
	for name, size := range map[string]*int64{
		file:                        &s.plain,
		file + packed.Gzip.Ending:   &s.gzip,
		file + packed.Brotli.Ending: &s.brotli,
	} {
		info, err := os.Stat(name)
		if err != nil {
			return sizes{}, err
		}
		*size = info.Size()
	}
	return s, nil
}
