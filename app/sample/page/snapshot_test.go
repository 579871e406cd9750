package page

import (
	"encoding/json"
	"testing"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// The HTML comes from the network, the program that reads it may come from the
// service worker's cache.
func TestASnapshotOfAnotherBuildIsNotMisread(t *testing.T) {
	whole := Snapshot{
		Room: "lobby",
		Rooms: map[string][]event.Of[chat.Message]{
			"lobby": {{ID: event.NewID("e1", 7, "k"), Value: chat.Message{Text: "hi"}}},
		},
		Position: event.NewID("e1", 7, "k"),
	}
	for name, c := range map[string]struct {
		change func(*event.Dialect)
		keeps  bool
	}{
		"the same build": {func(*event.Dialect) {}, true},
		"one that knows us": {func(d *event.Dialect) {
			d.Accepts = map[string][]string{"chat.posted": {d.Schema["chat.posted"]}}
			d.Schema["chat.posted"] = "0123456789abcdef"
		}, true},
		"one that does not":      {func(d *event.Dialect) { d.Schema["chat.posted"] = "0123456789abcdef" }, false},
		"one with another clock": {func(d *event.Dialect) { d.Schema["clock.ticked"] = "0123456789abcdef" }, false},
		"one of other guests":    {func(d *event.Dialect) { d.Schema["guests.present"] = "0123456789abcdef" }, false},
	} {
		var s Snapshot
		if err := json.Unmarshal([]byte(whole.encode()), &s); err != nil {
			t.Fatal(err)
		}
		c.change(&s.Dialect)
		got := s.understood()
		if kept := len(got.Messages) == 1 && got.Position == whole.Position; kept != c.keeps || got.Room != "lobby" {
			t.Errorf("%s: of the snapshot is left %+v", name, got)
		}
		if !c.keeps && (len(got.Messages) > 0 || !got.Position.IsZero()) {
			t.Errorf("%s: half of the snapshot is left: %+v", name, got)
		}
	}
}
