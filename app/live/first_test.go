package live

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// aFirst is what a server carries to a page: an event in two forms, one that no
// page of this build uses, and one that cannot be decoded.
func aFirst() first {
	return first{
		Topics: []string{"notes"}, Position: id(9), Versions: event.OwnVersions(),
		Events: []carried{
			{ID: id(5), Topic: "notes", At: time.UnixMilli(1796040000007).UTC(), form: form{"note.written.2", json.RawMessage(`{"Text":"new"}`)}, Older: []form{{"note.written", json.RawMessage(`"new"`)}}},
			{ID: id(6), form: form{"note.written", json.RawMessage(`"of old"`)}},
			{ID: id(7), form: form{"note.unheard", json.RawMessage(`{}`)}},
			{ID: id(8), form: form{"note.written.2", json.RawMessage(`7`)}},
		},
	}
}

func TestFirstEventsAreAppliedOnceInTheirNewestForm(t *testing.T) {
	r := newRig(Options{})
	if !r.apply(aFirst()) || !slices.Equal(r.shown, []string{"new", "of old"}) {
		t.Errorf("the page shows %q", r.shown)
	}
	if e := r.events[0]; e.Topic != "notes" || e.At != time.UnixMilli(1796040000007).UTC() {
		t.Errorf("the first event is of %q, %v", e.Topic, e.At)
	}
	// A page of the last release follows the older type alone.
	old := New(Options{Topics: []string{"notes"}})
	var shown []string
	On(old, wrote, func(e event.Of[string]) { shown = append(shown, e.ID.String()+" "+e.Value) })
	if want := []string{id(5).String() + " new", id(6).String() + " of old"}; !old.apply(aFirst()) || !slices.Equal(shown, want) {
		t.Errorf("a page of the last release shows %q, want %q", shown, want)
	}
}

// The HTML comes from the network, the program that reads it may come from the
// service worker's cache.
func TestFirstEventsOfAnotherBuildAreNotMisread(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*first)
		taken  bool
	}{
		"the same build": {func(*first) {}, true},
		"one that knows this one": {func(f *first) {
			f.Versions.Accepts = map[string][]string{"note.written.2": {f.Versions.Schema["note.written.2"]}}
			f.Versions.Schema["note.written.2"] = "0123456789abcdef"
		}, true},
		"one that does not":                      {func(f *first) { f.Versions.Schema["note.written.2"] = "0123456789abcdef" }, false},
		"one with another type that is not used": {func(f *first) { f.Versions.Schema["note.erased"] = "0123456789abcdef" }, true},
		"a page of other topics":                 {func(f *first) { f.Topics = []string{"others"} }, false},
		"a server without a log":                 {func(f *first) { *f = first{} }, false},
	} {
		f := aFirst()
		c.change(&f)
		r := newRig(Options{})
		if taken := r.apply(f); taken != c.taken || taken != (len(r.shown) == 2) {
			t.Errorf("%s: of the first events are shown %q", name, r.shown)
		}
	}
}
