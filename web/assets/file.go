package assets

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/seawaykit/seaway/web/internal/packed"
)

// A file is one name with all encodings it can be sent in, the best first and the
// plain one last.
type file struct {
	hash      string // of the plain file; see short
	media     string // Content-Type
	encodings []encoding
}

// isCompanion reports whether name is a packed encoding or a stamp of another
// file. Those have no address of their own.
func isCompanion(tree fs.FS, name string) bool {
	ending := path.Ext(name)
	isForm := slices.ContainsFunc(packed.Codings, func(c packed.Coding) bool { return c.Ending == ending })
	if !isForm && ending != packed.StampEnding {
		return false
	}
	_, err := fs.Stat(tree, strings.TrimSuffix(name, ending))
	return err == nil
}

func newFile(tree fs.FS, name string) (*file, error) {
	plain, err := stored(tree, name, identity)
	if err != nil {
		return nil, err
	}
	sum, err := checksum(plain)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	f := &file{hash: short(sum[:]), media: mediaType(name)}
	if f.encodings = packedEncodings(tree, name, sum); len(f.encodings) == 0 && isText(f.media) {
		f.encodings, err = gzipped(plain)
	}
	f.encodings = append(f.encodings, plain)
	return f, err
}

func (f *file) plain() encoding { return f.encodings[len(f.encodings)-1] }

// packedEncodings returns the encodings that web/page made of the file with that
// hash.
func packedEncodings(tree fs.FS, name string, sum [sha256.Size]byte) (encodings []encoding) {
	text, _ := fs.ReadFile(tree, name+packed.StampEnding) // none reads as empty
	if stamp, ok := packed.ParseStamp(text); !ok || stamp.Sum != sum {
		return nil
	}
	for _, c := range packed.Codings {
		if encoding, err := stored(tree, name+c.Ending, c.Name); err == nil {
			encodings = append(encodings, encoding)
		}
	}
	return encodings
}
