package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
)

// An encoding is a file in one content coding.
type encoding struct {
	coding string // as in Accept-Encoding; identity for the plain file
	size   int64
	open   func() (io.ReadSeekCloser, error)
}

const identity = "identity"

// stored returns the encoding that is the file with this name in the tree.
func stored(tree fs.FS, name, coding string) (encoding, error) {
	info, err := fs.Stat(tree, name)
	if err != nil {
		return encoding{}, err
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
	return encoding{coding, info.Size(), open}, nil
}

func checksum(plain encoding) (sum [sha256.Size]byte, err error) {
	f, err := plain.open()
	if err != nil {
		return sum, err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return [sha256.Size]byte(h.Sum(nil)), err
}

// gzipped returns the gzip encoding of a text that web/page did not pack. It is
// made at the start, since styles are edited without a build step, and an older
// packed file could be of another text.
func gzipped(plain encoding) ([]encoding, error) {
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
	return []encoding{{"gzip", int64(buf.Len()), open}}, nil
}

// memory is a reader that needs no closing.
type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }
