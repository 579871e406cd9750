// Package eventtest keeps a history of a program's event types, and fails a test when a
// change would make pages that are still open misread them.
//
// The history is a text file beside a test of one line:
//
//	func TestSchema(t *testing.T) { eventtest.Golden(t, "schema.txt") }
//
// The test's package must import, directly or not, every package that defines
// events: types that are not linked into the test are not checked. The flag -update
// belongs to this package, so a test that imports it cannot have another.
package eventtest

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/event"
)

var update = flag.Bool("update", false, "append what is new in event types to their history")

// Golden fails the test unless the newest version of each event type in the
// history at path, which [event.Record] describes, is the type as it is defined
// now, and every type of the history is defined. The failure's text names what to do.
//
// Run with -update it appends what is new: types that are not recorded, and
// additive changes (see package event). It never alters existing lines, and still
// fails for every other change. A file that does not exist is begun.
func Golden(t testing.TB, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !(*update && errors.Is(err, fs.ErrNotExist)) {
		t.Fatalf("the history of event types cannot be read: %v", err)
	}
	news, faults, err := review(string(text), event.Schema())
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	switch {
	case news == nil:
	case *update:
		if err := extend(path, string(text), news); err != nil {
			t.Fatalf("the history of event types cannot be written: %v", err)
		}
	default:
		for _, n := range news {
			t.Errorf("%s: run go test %s -update", n.what, here())
		}
	}
	for _, fault := range faults {
		t.Error(fault)
	}
}

// extend appends to a history. It is written in one step, since what was
// released is in no other place.
func extend(path, text string, news []news) error {
	if text == "" {
		text = heading
	} else if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	for _, n := range news {
		text += n.line + "\n"
	}
	half := path + ".new"
	if err := os.WriteFile(half, []byte(text), 0o644); err != nil {
		return err
	}
	return os.Rename(half, path)
}

const heading = `# What pages have been sent, oldest first: one line for each version of an event
# type. Written by the test with -update. A line that was released stays as it is.
`

// here returns the test's package as the go command is given it, or "." outside
// a module: tests run in their package's directory.
func here() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	for root := dir; ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			rel, err := filepath.Rel(root, dir)
			if err != nil {
				return "."
			}
			return "./" + filepath.ToSlash(rel)
		}
		if root == filepath.Dir(root) {
			return "."
		}
	}
}
