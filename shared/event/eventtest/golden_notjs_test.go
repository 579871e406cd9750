//go:build !js

package eventtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/event"
)

type reading struct {
	Degrees int
	Room    string `json:",omitempty"`
}

var _ = event.Define[reading]("test.measured")

const present = "test.measured {Degrees:int Room:string,omitempty}\n"

// A witness is a testing.TB that writes down what it is told.
type witness struct {
	testing.TB
	said strings.Builder
}

func (w *witness) Helper()                           {}
func (w *witness) Error(args ...any)                 { fmt.Fprintln(&w.said, args...) }
func (w *witness) Errorf(format string, args ...any) { fmt.Fprintf(&w.said, format+"\n", args...) }
func (w *witness) Fatalf(format string, args ...any) { w.Errorf(format, args...); panic(w) }

// golden runs the test on a history and returns what it said, and the history
// afterwards; "absent" is no file.
func golden(t *testing.T, updating bool, history string) (said, after string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "schema.txt")
	if history != "absent" {
		if err := os.WriteFile(path, []byte(history), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	defer func(before bool) { *update = before }(*update)
	*update = updating
	w := &witness{TB: t}
	func() {
		defer func() {
			if r := recover(); r != nil && r != any(w) {
				panic(r)
			}
		}()
		Golden(w, path)
	}()
	text, err := os.ReadFile(path)
	if err != nil {
		text = []byte("absent")
	}
	return w.said.String(), string(text)
}

func TestGoldenWithoutTheFlagChangesNothing(t *testing.T) {
	for history, says := range map[string]string{
		present:                                "",
		"":                                     "event type test.measured is not recorded: run go test ./shared/event/eventtest -update",
		"test.measured {Degrees:int}\n":        "pages in use can read: run go test ./shared/event/eventtest -update",
		"test.measured {}\ntest.gone string\n": "test.gone is recorded, but not defined",
		"test.measured {Degrees:int Room:string Sun:int}\n": "field Sun was removed",
		"test.measured {Degrees:int\n":                      "line 1",
		"absent":                                            "cannot be read",
	} {
		said, after := golden(t, false, history)
		if !strings.Contains(said, says) || (says == "") != (said == "") {
			t.Errorf("%q: the test said %q, want %q", history, said, says)
		}
		if after != history {
			t.Errorf("%q has become %q", history, after)
		}
	}
}

func TestFlagAppendsWhatIsNew(t *testing.T) {
	for history, want := range map[string]string{
		present:                         present,
		"# mine\ntest.measured {}":      "# mine\ntest.measured {}\n" + present,
		"test.measured {Degrees:int}\n": "test.measured {Degrees:int}\n" + present,
		"":                              heading + present,
		"absent":                        heading + present,
	} {
		said, after := golden(t, true, history)
		if said != "" || after != want {
			t.Errorf("%q: the test said %q and left %q, want %q", history, said, after, want)
		}
		if said, again := golden(t, false, after); said != "" || again != after {
			t.Errorf("after the update of %q it said %q", history, said)
		}
	}
}

func TestFlagIsNoWayToMakeAnIncompatibleChange(t *testing.T) {
	for _, history := range []string{
		"test.measured {Degrees:string}\n", "test.measured {Celsius:int}\n", present + "test.gone {}\n", "test.measured {Degrees:int\n",
	} {
		said, after := golden(t, true, history)
		if said == "" || after != history {
			t.Errorf("%q: the test said %q and left %q", history, said, after)
		}
	}
}
