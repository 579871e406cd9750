package eventlogtest

import (
	"errors"
	"slices"
	"strings"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// lists fails unless the names that begin with the prefix are these.
func (t *testCase) lists(log eventlog.Log, prefix string, want ...string) {
	t.Helper()
	got, err := log.Names(t.Context(), prefix)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the names of %q are %.300q, want %q", prefix, got, want)
	}
}

func valueRefusals(t *testCase) {
	log := t.open(eventlog.Retention{})
	ids := t.fill(log, 2, "a")
	good := eventlog.Value{Name: "good", Position: ids[0]}
	for _, name := range []string{"", ".", "a.", ".a", "a..b", "a b", "a*", "a.>", "ä", "a\n", strings.Repeat("a", eventlog.MaxValueName+1)} {
		var wrong *event.NameError
		bad := good
		bad.Name = name
		if err := log.Put(t.Context(), bad, event.ID{}); !errors.As(err, &wrong) {
			t.Errorf("put %.80q: %v", name, err)
		}
		if _, err := log.Get(t.Context(), name); !errors.As(err, &wrong) {
			t.Errorf("get %.80q: %v", name, err)
		}
		if err := log.Delete(t.Context(), name, event.ID{}); !errors.As(err, &wrong) {
			t.Errorf("delete %.80q: %v", name, err)
		}
	}
	large, nowhere, foreign := good, good, good
	large.Data = make([]byte, eventlog.MaxValue+1)
	nowhere.Position = event.ID{}
	foreign.Position = event.NewID("another", 1, "key")
	t.refusesPut(log, large, event.ID{}, eventlog.ErrTooLarge)
	t.refusesPut(log, nowhere, event.ID{}, eventlog.ErrPosition)
	t.refusesPut(log, foreign, event.ID{}, eventlog.ErrPosition)
	t.lacks(log, "good")
	t.lists(log, "")
	if err := log.Delete(t.Context(), "good", ids[0]); err != nil {
		t.Errorf("delete of no value: %v", err)
	}
}

func valueNames(t *testCase) {
	log := t.open(eventlog.Retention{})
	at := t.fill(log, 1, "a")[0]
	t.lists(log, "")
	names := []string{"B", "a", "a-b", "a.b", "a.b.c", "a.bc", "ab", "b.a", "free.a", "gone.a", "hold.a"}
	for i := range names {
		name := names[(i*7)%len(names)]
		t.put(log, eventlog.Value{Name: name, Position: at, Holds: i%2 == 0}, event.ID{})
	}
	for _, l := range []eventlog.Log{log, t.peer(log)} {
		t.lists(l, "", names...)
		t.lists(l, "a", "a", "a-b", "a.b", "a.b.c", "a.bc", "ab")
		t.lists(l, "a.", "a.b", "a.b.c", "a.bc")
		t.lists(l, "a.b", "a.b", "a.b.c", "a.bc")
		t.lists(l, "a.b.", "a.b.c")
		t.lists(l, "c")
		t.lists(l, "hold.", "hold.a")
		t.lists(l, "no prefix of any name *.>")
	}
	if err := log.Delete(t.Context(), "a.b", at); err != nil {
		t.Fatal(err)
	}
	t.lists(log, "a.", "a.b.c", "a.bc")
	t.holds(log, eventlog.Value{Name: "a.b.c", Position: at, Holds: true})
}
