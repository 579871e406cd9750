package event_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

func TestDraftIsCheckedWhole(t *testing.T) {
	good := event.Draft{Topic: "room.lobby", Type: "chat.posted", Data: []byte("{}")}
	var badName *event.NameError
	for _, c := range []struct {
		name   string
		change func(*event.Draft)
		want   any // nil, an error, or a pointer for errors.As
	}{
		{"as it is", func(*event.Draft) {}, nil},
		{"without data", func(d *event.Draft) { d.Data = nil }, nil},
		{"without a topic", func(d *event.Draft) { d.Topic = "" }, &badName},
		{"a topic with a line break", func(d *event.Draft) { d.Topic = "room\nid: 1" }, &badName},
		{"without a type", func(d *event.Draft) { d.Type = "" }, &badName},
		{"a reserved type", func(d *event.Draft) { d.Type = "hello" }, &badName},
		{"the longest key", func(d *event.Draft) { d.Key = strings.Repeat("~", event.MaxKey) }, nil},
		{"a key that is too long", func(d *event.Draft) { d.Key = strings.Repeat("k", event.MaxKey+1) }, event.ErrKey},
		{"a key with a space", func(d *event.Draft) { d.Key = "a b" }, event.ErrKey},
		{"a key with a line break", func(d *event.Draft) { d.Key = "a\r\n" }, event.ErrKey},
		{"a key with a DEL", func(d *event.Draft) { d.Key = "a\x7f" }, event.ErrKey},
		{"a key that is not ASCII", func(d *event.Draft) { d.Key = "ключ" }, event.ErrKey},
		{"a lifetime of a second", func(d *event.Draft) { d.TTL = time.Second }, nil},
		{"a shorter lifetime", func(d *event.Draft) { d.TTL = time.Second - 1 }, event.ErrTTL},
		{"a negative lifetime", func(d *event.Draft) { d.TTL = -time.Hour }, event.ErrTTL},
	} {
		d := good
		c.change(&d)
		_, newErr := event.New(event.NewID("k3x9q2", 1, "key"), d, time.Now())
		for call, err := range map[string]error{"Check": d.Check(), "New": newErr} {
			if !matches(err, c.want) {
				t.Errorf("%s: %s gave %v, want %v", c.name, call, err, c.want)
			}
		}
	}
}

func matches(err error, want any) bool {
	switch want := want.(type) {
	case nil:
		return err == nil
	case error:
		return errors.Is(err, want)
	default:
		return errors.As(err, want)
	}
}

func TestEventIsWhatWasStored(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	id := event.NewID("k3x9q2", 7, "key")
	e, err := event.New(id, event.Draft{
		Topic: "room.lobby", Type: "chat.posted", Data: []byte(`{"text":"hi"}`), Latest: true, TTL: time.Minute,
	}, at)
	if err != nil {
		t.Fatal(err)
	}
	if e.ID() != id || e.Topic() != "room.lobby" || e.Type() != "chat.posted" ||
		string(e.Data()) != `{"text":"hi"}` || !e.Time().Equal(at) || !e.Latest() {
		t.Errorf("got %+v", e)
	}
	if got, want := e.Expires(), at.Add(time.Minute); !got.Equal(want) {
		t.Errorf("it expires at %v, want %v", got, want)
	}
}

func TestEventWithoutALifetimeDoesNotExpire(t *testing.T) {
	e, err := event.New(event.NewID("k3x9q2", 7, "key"), event.Draft{Topic: "t", Type: "n"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if got := e.Expires(); !got.IsZero() {
		t.Errorf("it expires at %v", got)
	}
}

func TestIDThatNamesNoEventMakesNone(t *testing.T) {
	for name, id := range map[string]event.ID{"the zero id": {}, "a position": event.Position("k3x9q2", 7)} {
		if _, err := event.New(id, event.Draft{Topic: "t", Type: "n"}, time.Now()); err == nil {
			t.Errorf("%s made an event", name)
		}
	}
}
