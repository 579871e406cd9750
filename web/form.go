package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
)

// A form is a file under one content coding.
type form struct {
	coding string // as in Accept-Encoding; identity for the plain form
	size   int64
	open   func() (io.ReadSeekCloser, error)
}

const identity = "identity"

// stored returns the form that lies in the tree under name.
func stored(tree fs.FS, name, coding string) (form, error) {
	info, err := fs.Stat(tree, name)
	if err != nil {
		return form{}, err
	}
	open := func() (io.ReadSeekCloser, error) {
		f, err := tree.Open(name)
		if err != nil {
			return nil, err
		}
		if seeker, ok := f.(io.ReadSeekCloser); ok {
			return seeker, nil
		}
		f.Close()
		return nil, fmt.Errorf("%s cannot be read from the middle", name)
	}
	return form{coding, info.Size(), open}, nil
}

func checksum(plain form) (sum [sha256.Size]byte, err error) {
	f, err := plain.open()
	if err != nil {
		return sum, err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return [sha256.Size]byte(h.Sum(nil)), err
}

// squeezed returns the gzip form of a text that web/pack did not pack. It is
// made here because nothing made earlier could be trusted to be of this text:
// styles are edited without a build step.
func squeezed(plain form) ([]form, error) {
	f, err := plain.open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var buf bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression) // a valid level
	if _, err := io.Copy(zip, f); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil || int64(buf.Len()) >= plain.size {
		return nil, err
	}
	open := func() (io.ReadSeekCloser, error) { return memory{bytes.NewReader(buf.Bytes())}, nil }
	return []form{{"gzip", int64(buf.Len()), open}}, nil
}

// memory is a reader that needs no closing.
type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }
