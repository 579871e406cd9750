package web

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/seawaykit/seaway/web/packed"
)

// A file is one name with all the forms it can be sent in, the best first and
// the plain one last.
type file struct {
	hash  string // of the plain form; see short
	media string // Content-Type
	forms []form
}

// isCompanion reports whether name is a packed form or a stamp of another file.
// Those have no address of their own.
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
	if f.forms = packedForms(tree, name, sum); len(f.forms) == 0 && isText(f.media) {
		f.forms, err = squeezed(plain)
	}
	f.forms = append(f.forms, plain)
	return f, err
}

func (f *file) plain() form { return f.forms[len(f.forms)-1] }

// packedForms returns the forms that web/pack made of the file with that sum.
func packedForms(tree fs.FS, name string, sum [sha256.Size]byte) (forms []form) {
	text, _ := fs.ReadFile(tree, name+packed.StampEnding) // none reads as empty
	if stamp, ok := packed.ParseStamp(text); !ok || stamp.Sum != sum {
		return nil
	}
	for _, c := range packed.Codings {
		if form, err := stored(tree, name+c.Ending, c.Name); err == nil {
			forms = append(forms, form)
		}
	}
	return forms
}
