package event_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

func TestMetaIsThisText(t *testing.T) {
	id := event.NewID("k3x9q2", 1, "first")
	at := time.Date(2026, 11, 30, 12, 0, 0, 7e6, time.UTC)
	for want, m := range map[string]event.Meta{
		"k3x9q2-1-_G4Q room.lobby 1796040000007": {ID: id, Topic: "room.lobby", At: at},
		"k3x9q2-1-_G4Q":                          {ID: id},
		"":                                       {},
	} {
		if got := m.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got, err := event.ParseMeta(want); want != "" && (err != nil || got != m) {
			t.Errorf("%q was read as %+v, %v", want, got, err)
		}
	}
}

func TestMetaOfAnEventIsInUTCAndMilliseconds(t *testing.T) {
	id, zone := event.NewID("e1", 7, "k"), time.FixedZone("", 3600)
	for _, at := range []time.Time{time.Date(2026, 11, 30, 13, 0, 0, 7_654_321, zone), time.Unix(0, 0), {}} {
		e, err := event.New(id, event.Draft{Topic: "a", Type: "x"}, at)
		if err != nil {
			t.Fatal(err)
		}
		want := event.Meta{ID: id, Topic: "a", At: at.Truncate(time.Millisecond).UTC()}
		if got := e.Meta(); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if got, err := event.ParseMeta(e.Meta().String()); err != nil || got != want {
			t.Errorf("%q was read as %+v, %v", e.Meta(), got, err)
		}
	}
}

// A stream of another server, older or newer, is followed all the same.
func TestMetaWithAnUnknownRestIsItsID(t *testing.T) {
	id := event.NewID("e1", 7, "k")
	for _, rest := range []string{"", " ", "  ", " room.lobby", " room.lobby ", " room.lobby x", "  room.lobby 5",
		" room..lobby 5", " a/b 5", " 5", " room.lobby 99999999999999999999", " room.lobby 1e3", "\troom.lobby 5", " room.lobby\t5"} {
		got, err := event.ParseMeta(id.String() + rest)
		if strings.HasPrefix(rest, "\t") {
			if !errors.Is(err, event.ErrID) {
				t.Errorf("%q: %v", rest, err)
			}
		} else if err != nil || got != (event.Meta{ID: id}) {
			t.Errorf("%q was read as %+v, %v", rest, got, err)
		}
	}
	if got, err := event.ParseMeta(id.String() + " a 5 of a later release"); err != nil || got.Topic != "a" || got.At.UnixMilli() != 5 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestMetaWithoutAnIDIsRefused(t *testing.T) {
	for _, text := range []string{"", " ", "room.lobby 5", " " + event.NewID("e1", 7, "k").String()} {
		if got, err := event.ParseMeta(text); !errors.Is(err, event.ErrID) || got != (event.Meta{}) {
			t.Errorf("%q was read as %+v, %v", text, got, err)
		}
	}
}

func FuzzMeta(f *testing.F) {
	for _, text := range []string{"e1-7-AAAA", "e1-7-AAAA a.b 5", "e1-7-AAAA a.b -5", "e1-7-AAAA a.b 5 6", "e1-7-AAAA  5", "x", "e1-7-AAAA a 9223372036854775807"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := event.ParseMeta(text)
		if err != nil {
			return
		}
		if m.Topic != "" && event.CheckTopic(m.Topic) != nil || m.Topic == "" && !m.At.IsZero() {
			t.Fatalf("%q was read as %+v", text, m)
		}
		if again, err := event.ParseMeta(m.String()); err != nil || again != m {
			t.Fatalf("%q was read as %+v, and that, %q, as %+v, %v", text, m, m, again, err)
		}
	})
}
