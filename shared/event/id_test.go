package event_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/event"
)

// The texts are pinned: a page and a server of different builds exchange them,
// and a log recomputes them from what it stored years ago.
func TestIDsHaveTheTextsTheyAlwaysHad(t *testing.T) {
	for _, c := range []struct {
		id   event.ID
		want string
	}{
		{event.ID{}, ""},
		{event.NewID("k3x9q2", 1, "first"), "k3x9q2-1-_G4Q"},
		{event.NewID("k3x9q2", 2, "first"), "k3x9q2-2-n9Fd"},
		{event.NewID("k3x9q2", 1, "other"), "k3x9q2-1-jOe1"},
		{event.NewID("a", 0, "k"), "a-0--96K"},
		{event.NewID("abcdefghij", math.MaxUint64, "k"), "abcdefghij-18446744073709551615-kVxv"},
		{event.NewID("k3x9q2", 1, "first").In(event.Generation{1, 2, 3}), "k3x9q2-1-_G4QAQID"},
		{event.Position("k3x9q2", 41).In(event.Generation{0xFF, 0xFF, 0xFF}), "k3x9q2-41-xZWl____"},
		{event.Position("k3x9q2", 0).In(event.Generation{1, 2, 3}), "k3x9q2-0-4qMq"},
		{event.Position("k3x9q2", 0), "k3x9q2-0-4qMq"},
		{event.Position("k3x9q2", 41), "k3x9q2-41-xZWl"},
	} {
		if got := c.id.String(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

var generation = event.Generation{0xFB, 0xE0, 1} // its text holds '-' and '_'

func TestIDReadsBackAsItself(t *testing.T) {
	for _, epoch := range []string{"0", "z", "k3x9q2", "abcdefghij"} {
		for _, seq := range []uint64{0, 1, 9, 10, math.MaxInt64, math.MaxUint64} {
			plain, place := event.NewID(epoch, seq, "key"), event.Position(epoch, seq)
			for _, id := range []event.ID{plain, place, plain.In(generation), place.In(generation)} {
				got, err := event.ParseID(id.String())
				if err != nil || got != id {
					t.Errorf("ParseID(%q) = %q, %v", id, got, err)
				}
				if id.Epoch() != epoch || id.Seq() != seq {
					t.Errorf("%q has epoch %q and number %d, want %q and %d", id, id.Epoch(), id.Seq(), epoch, seq)
				}
				if n := len(id.String()); n > 40 {
					t.Errorf("%q has %d bytes, and 40 are promised", id, n)
				}
			}
		}
	}
}

func TestTagDistinguishesTwoEventsOfOneNumber(t *testing.T) {
	first, second := event.NewID("k3x9q2", 7, "first"), event.NewID("k3x9q2", 7, "second")
	if first == second {
		t.Errorf("two keys gave one id, %q", first)
	}
	if again := event.NewID("k3x9q2", 7, "first"); again != first {
		t.Errorf("one key gave two ids, %q and %q", first, again)
	}
	a, b := event.NewID("k3x9q2", 7, "first").String(), event.NewID("k3x9q2", 8, "first").String()
	if a[len(a)-4:] == b[len(b)-4:] {
		t.Errorf("%q and %q have one tag: the number is not part of it", a, b)
	}
}

func TestPositionNamesNoEvent(t *testing.T) {
	for _, c := range []struct {
		id             event.ID
		zero, position bool
	}{
		{event.ID{}, true, false},
		{event.Position("k3x9q2", 0), false, true},
		{event.Position("k3x9q2", 7), false, true},
		{event.NewID("k3x9q2", 7, "key"), false, false},
	} {
		if c.id.IsZero() != c.zero || c.id.IsPosition() != c.position {
			t.Errorf("%q: IsZero %v and IsPosition %v, want %v and %v",
				c.id, c.id.IsZero(), c.id.IsPosition(), c.zero, c.position)
		}
	}
}

func TestIDNamesTheGenerationOfItsNumber(t *testing.T) {
	first, later := event.NewID("k3x9q2", 7, "key").In(generation), event.NewID("k3x9q2", 7, "key").In(event.Generation{1})
	if first == later || first.Generation() != generation {
		t.Errorf("%q of generation %x and %q of %x", first, first.Generation(), later, later.Generation())
	}
	if got, want := first.Before(), event.Position("k3x9q2", 6).In(generation); got != want {
		t.Errorf("before %q is %q, want %q", first, got, want)
	}
	begin := event.Position("k3x9q2", 0)
	if got := event.NewID("k3x9q2", 1, "key").In(generation).Before(); got != begin || begin.Before() != begin {
		t.Errorf("before the first event is %q, before that %q, want %q", got, begin.Before(), begin)
	}
}

// The keys were found by trying: one in 16.7 million has the position's tag.
func TestIDOfAnEventIsNoPositionUnderAnyKey(t *testing.T) {
	for _, c := range []struct {
		seq uint64
		key string
	}{{1, "k3305961"}, {1, "k11735744"}, {31732958, "k"}} {
		if id := event.NewID("k3x9q2", c.seq, c.key); id.IsPosition() || id == event.Position("k3x9q2", c.seq) {
			t.Errorf("%q of key %q is taken for a position", id, c.key)
		}
	}
}

func TestOtherTextsAreNoIDs(t *testing.T) {
	good := event.NewID("k3x9q2", 12, "key").String()
	tag := good[len(good)-4:]
	for name, text := range map[string]string{
		"empty":                      "",
		"no parts":                   "k3x9q2",
		"no tag":                     "k3x9q2-12",
		"an empty tag":               "k3x9q2-12-",
		"a short tag":                "k3x9q2-12-" + tag[:3],
		"a long tag":                 good + "A",
		"a tag of two lines":         good + "AAA\n",
		"a short generation":         good + "AAB",
		"a long generation":          good + "AAABA",
		"no generation's text":       good + "AAAA",
		"a generation of number 0":   event.Position("k3x9q2", 0).String() + "AAAB",
		"a tag of other characters":  "k3x9q2-12-ab+/",
		"a tag with a newline":       "k3x9q2-12-abc\n",
		"padding":                    "k3x9q2-12-abc=",
		"no epoch":                   "-12-" + tag,
		"an epoch in upper case":     "K3X9Q2-12-" + tag,
		"an epoch of 11 bytes":       "abcdefghijk-12-" + tag,
		"no number":                  "k3x9q2--" + tag,
		"a leading zero":             "k3x9q2-012-" + tag,
		"a sign":                     "k3x9q2-+12-" + tag,
		"a negative number":          "k3x9q2--12-" + tag,
		"a number over 64 bits":      "k3x9q2-18446744073709551616-" + tag,
		"a fraction":                 "k3x9q2-1.5-" + tag,
		"a digit that is not ASCII":  "k3x9q2-٣-" + tag,
		"a space before":             " " + good,
		"a line break after":         good + "\r\n",
		"a NUL":                      strings.Replace(good, "x", "\x00", 1),
		"something of 10,000 bytes":  strings.Repeat("a", 10_000),
		"an integer as others count": "12",
	} {
		if id, err := event.ParseID(text); !errors.Is(err, event.ErrID) || !id.IsZero() {
			t.Errorf("%s: ParseID(%.50q) = %q, %v; want %v", name, text, id, err, event.ErrID)
		}
	}
}

func TestIDsTravelAsText(t *testing.T) {
	type carrier struct {
		ID event.ID `json:"id"`
	}
	for _, c := range []struct {
		value carrier
		json  string
	}{
		{carrier{event.NewID("k3x9q2", 1, "first")}, `{"id":"k3x9q2-1-_G4Q"}`},
		{carrier{}, `{"id":""}`},
	} {
		text, err := json.Marshal(c.value)
		if err != nil || string(text) != c.json {
			t.Errorf("got %s, %v; want %s", text, err, c.json)
		}
		got := carrier{event.NewID("z", 9, "something else")}
		if err := json.Unmarshal([]byte(c.json), &got); err != nil || got != c.value {
			t.Errorf("%s read back as %q, %v", c.json, got.ID, err)
		}
	}
	if err := json.Unmarshal([]byte(`{"id":"12"}`), &carrier{}); !errors.Is(err, event.ErrID) {
		t.Errorf("got %v, want %v", err, event.ErrID)
	}
}

func TestIDThatIsBadCannotBeMade(t *testing.T) {
	for name, build := range map[string]func(){
		"an empty epoch":             func() { event.NewID("", 1, "key") },
		"an epoch with a hyphen":     func() { event.NewID("a-b", 1, "key") },
		"an epoch with a line break": func() { event.NewID("a\n", 1, "key") },
		"an epoch of 11 bytes":       func() { event.NewID("abcdefghijk", 1, "key") },
		"an empty key":               func() { event.NewID("k3x9q2", 1, "") },
		"a position without epoch":   func() { event.Position("", 1) },
	} {
		wantPanic(t, name, build)
	}
}

// wantPanic runs f and returns what it panicked with, as text.
func wantPanic(t *testing.T, name string, f func()) (message string) {
	t.Helper()
	defer func() {
		switch r := recover().(type) {
		case nil:
			t.Errorf("%s: there was no panic", name)
		case string:
			message = r
		default:
			t.Errorf("%s: panicked with %v, want a sentence", name, r)
		}
	}()
	f()
	return ""
}

func FuzzParseID(f *testing.F) {
	f.Add("k3x9q2-1-_G4Q")
	f.Add("a-0--96K")
	f.Add("abcdefghij-18446744073709551615-kVxv____")
	f.Add("k3x9q2-1-_G4QAAAA")
	f.Add("k3x9q2-012-_G4Q")
	f.Fuzz(func(t *testing.T, text string) {
		id, err := event.ParseID(text)
		if err != nil {
			return
		}
		if id.String() != text {
			t.Errorf("%q was read as %q", text, id)
		}
		if len(text) > 40 || strings.Trim(text, "-_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
			t.Errorf("%q is not at most 40 bytes of [A-Za-z0-9_-]", text)
		}
	})
}
