package event_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

type note struct {
	Text string  `json:"text"`
	Loud float64 `json:"loud"`
}

var noted = event.Define[note]("test.noted")

// shelf is an Appender that keeps the last draft, or refuses all.
type shelf struct {
	last event.Draft
	err  error
}

func (s *shelf) Append(_ context.Context, d event.Draft) (event.ID, error) {
	s.last = d
	return event.NewID("k3x9q2", 1, "key"), s.err
}

func TestPublishAppendsOneDraft(t *testing.T) {
	log := &shelf{}
	id, err := noted.Publish(t.Context(), log, "room.lobby", note{Text: "hi", Loud: 0.5})
	if err != nil || id != event.NewID("k3x9q2", 1, "key") {
		t.Fatalf("got %q, %v; want the log's id", id, err)
	}
	want := event.Draft{Topic: "room.lobby", Type: "test.noted", Data: []byte(`{"text":"hi","loud":0.5}`)}
	if !reflect.DeepEqual(log.last, want) {
		t.Errorf("appended %+v, want %+v", log.last, want)
	}
}

func TestOptionsChangeTheDraft(t *testing.T) {
	seq := uint64(9)
	for _, c := range []struct {
		name string
		opt  event.Option
		want event.Draft
	}{
		{"Key", event.Key("k"), event.Draft{Key: "k"}},
		{"ExpectLast", event.ExpectLast(9), event.Draft{ExpectLast: &seq}},
		{"Latest", event.Latest(), event.Draft{Latest: true}},
		{"Expires", event.Expires(time.Minute), event.Draft{TTL: time.Minute}},
	} {
		d, err := noted.Draft("t", note{}, c.opt)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		d.Topic, d.Type, d.Data = "", "", nil
		if !reflect.DeepEqual(d, c.want) {
			t.Errorf("%s: got %+v, want %+v", c.name, d, c.want)
		}
	}
}

func TestPublishSaysWhatItCouldNotPublish(t *testing.T) {
	lost := errors.New("the disk is gone")
	var badName *event.NameError
	for _, c := range []struct {
		name    string
		publish func(*shelf) error
		log     *shelf
		want    any
		calls   bool // the log
	}{
		{"a bad topic", func(s *shelf) error { _, err := noted.Publish(t.Context(), s, "a b", note{}); return err }, &shelf{}, &badName, false},
		{"a bad option", func(s *shelf) error {
			_, err := noted.Publish(t.Context(), s, "t", note{}, event.Key("a b"))
			return err
		}, &shelf{}, event.ErrKey, false},
		{"the log's error", func(s *shelf) error { _, err := noted.Publish(t.Context(), s, "t", note{}); return err }, &shelf{err: lost}, lost, true},
	} {
		err := c.publish(c.log)
		if !matches(err, c.want) || !strings.HasPrefix(err.Error(), "publish test.noted: ") {
			t.Errorf("%s: got %v", c.name, err)
		}
		if called := c.log.last.Type != ""; called != c.calls {
			t.Errorf("%s: the log was called: %v, want %v", c.name, called, c.calls)
		}
	}
}

func TestAValueThatJSONCannotHoldIsNotPublished(t *testing.T) {
	log := &shelf{}
	if _, err := noted.Publish(t.Context(), log, "t", note{Loud: math.NaN()}); err == nil || log.last.Type != "" {
		t.Errorf("got %v and draft %+v, want an error and none", err, log.last)
	}
}

func TestATypeThatWasNotDefinedDoesNothing(t *testing.T) {
	var none event.Type[note]
	log := &shelf{}
	if _, err := none.Publish(t.Context(), log, "t", note{}); !errors.Is(err, event.ErrUndefined) || log.last.Topic != "" {
		t.Errorf("Publish: got %v, want %v", err, event.ErrUndefined)
	}
	if _, err := none.Draft("t", note{}); !errors.Is(err, event.ErrUndefined) {
		t.Errorf("Draft: got %v, want %v", err, event.ErrUndefined)
	}
	if _, err := none.Decode(event.ID{}, []byte("{}")); !errors.Is(err, event.ErrUndefined) {
		t.Errorf("Decode: got %v, want %v", err, event.ErrUndefined)
	}
}

func TestDecodeGivesBackWhatWasPublished(t *testing.T) {
	want := note{Text: "line\nbreak, \u2028, <b> and ☃", Loud: -1e-9}
	d, err := noted.Draft("t", want)
	if err != nil {
		t.Fatal(err)
	}
	id := event.NewID("k3x9q2", 1, "key")
	got, err := noted.Decode(id, d.Data)
	if err != nil || got != (event.Of[note]{ID: id, Value: want}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

// loud is upper case on the wire, by methods on its pointer.
type loud struct{ word string }

func (l *loud) MarshalText() ([]byte, error) { return []byte(strings.ToUpper(l.word)), nil }
func (l *loud) UnmarshalText(b []byte) error { l.word = strings.ToLower(string(b)); return nil }

type shout struct{ Word loud }

var shouted = event.Define[shout]("test.shouted")

func TestMethodsOnPointersMakeTheJSONToo(t *testing.T) {
	want := shout{loud{"land"}}
	d, err := shouted.Draft("t", want)
	if err != nil || string(d.Data) != `{"Word":"LAND"}` {
		t.Fatalf("drafted %s, %v", d.Data, err)
	}
	if got, err := shouted.Decode(event.ID{}, d.Data); err != nil || got.Value != want {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestDecodeIgnoresFieldsItDoesNotKnow(t *testing.T) {
	got, err := noted.Decode(event.ID{}, []byte(`{"text":"hi","mood":"good"}`))
	if err != nil || got.Value.Text != "hi" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAPayloadThatDoesNotFitIsADecodeError(t *testing.T) {
	id := event.NewID("k3x9q2", 1, "first")
	for _, data := range []string{``, `{`, `[]`, `{"text":5}`, `{"text":"secret"} {}`, `{"text":["secret"]}`} {
		got, err := noted.Decode(id, []byte(data))
		var e *event.DecodeError
		if !errors.As(err, &e) || e.Type != "test.noted" || e.ID != id || string(e.Data) != data || errors.Unwrap(e) == nil {
			t.Errorf("%s: got %#v", data, err)
			continue
		}
		if got != (event.Of[note]{}) {
			t.Errorf("%s: half a value came back: %+v", data, got)
		}
		if !strings.Contains(e.Error(), id.String()) || strings.Contains(e.Error(), "secret") {
			t.Errorf("%s: %q should name the event and keep its payload to itself", data, e)
		}
	}
}
