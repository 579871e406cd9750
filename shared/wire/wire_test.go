package wire_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

func TestNamesOfControlFramesAreReserved(t *testing.T) {
	if len(wire.Names) != 5 || len(slices.Compact(slices.Sorted(slices.Values(wire.Names)))) != 5 {
		t.Fatalf("got %q, want five different names", wire.Names)
	}
	for _, name := range wire.Names {
		if event.CheckName(name) == nil {
			t.Errorf("an event type may be called %q", name)
		}
	}
}

// The texts are pinned: a page of yesterday's build reads them today.
func TestControlFramesHaveTheirData(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct {
		value any
		json  string
	}{
		{
			wire.Hello{
				Epoch: "k3x9q2", Head: event.NewID("k3x9q2", 1, "first"), Mode: wire.Resumed, Heartbeat: 15000, Retry: 2000,
				Schema: map[string]string{"chat.posted": "0123456789abcdef"}, Build: "v1", Time: at,
			},
			`{"epoch":"k3x9q2","head":"k3x9q2-1-_G4Q","mode":"resumed","heartbeat_ms":15000,"retry_ms":2000,` +
				`"schema":{"chat.posted":"0123456789abcdef"},"build":"v1","time":"2026-01-02T03:04:05Z"}`,
		},
		{
			wire.Hello{Accepts: map[string][]string{"chat.posted": {"0123456789abcdef"}}},
			`{"epoch":"","head":"","mode":"","heartbeat_ms":0,"retry_ms":0,"schema":null,"build":"","time":"0001-01-01T00:00:00Z",` +
				`"accepts":{"chat.posted":["0123456789abcdef"]}}`,
		},
		{wire.ResetInfo{Reason: wire.Purged}, `{"reason":"purged"}`},
		{wire.Bye{Retry: 1500, Reason: "deploy"}, `{"retry_ms":1500,"reason":"deploy"}`},
	} {
		text, err := json.Marshal(c.value)
		if err != nil || string(text) != c.json {
			t.Errorf("%T: got %s, %v; want %s", c.value, text, err, c.json)
		}
		got := reflect.New(reflect.TypeOf(c.value))
		if err := json.Unmarshal([]byte(c.json), got.Interface()); err != nil || !reflect.DeepEqual(got.Elem().Interface(), c.value) {
			t.Errorf("%s read back as %+v, %v", c.json, got.Elem(), err)
		}
	}
}

func TestModesAndReasonsHaveTheirTexts(t *testing.T) {
	for got, want := range map[any]string{
		wire.Live: "live", wire.Resumed: "resumed", wire.Reset: "reset",
		wire.Purged: "purged", wire.OtherEpoch: "epoch", wire.OtherEvent: "tag", wire.OtherPast: "past",
		wire.AheadOfNode: "ahead", wire.Replaced: "replace", wire.Malformed: "id",
	} {
		if text := reflect.ValueOf(got).String(); text != want {
			t.Errorf("got %q, want %q", text, want)
		}
	}
}
