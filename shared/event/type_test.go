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

// recorder is an Appender that keeps the last draft, or refuses all.
type recorder struct {
	last event.Draft
	err  error
}

func (s *recorder) Append(_ context.Context, d event.Draft) (event.ID, error) {
	s.last = d
	return event.NewID("k3x9q2", 1, "key"), s.err
}

func TestPublishAppendsOneDraft(t *testing.T) {
	log := &recorder{}
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
		publish func(*recorder) error
		log     *recorder
		want    any
		calls   bool // the log
	}{
		{"a bad topic", func(s *recorder) error { _, err := noted.Publish(t.Context(), s, "a b", note{}); return err }, &recorder{}, &badName, false},
		{"a bad option", func(s *recorder) error {
			_, err := noted.Publish(t.Context(), s, "t", note{}, event.Key("a b"))
			return err
		}, &recorder{}, event.ErrKey, false},
		{"the log's error", func(s *recorder) error { _, err := noted.Publish(t.Context(), s, "t", note{}); return err }, &recorder{err: lost}, lost, true},
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

func TestValueThatJSONCannotHoldIsNotPublished(t *testing.T) {
	log := &recorder{}
	if _, err := noted.Publish(t.Context(), log, "t", note{Loud: math.NaN()}); err == nil || log.last.Type != "" {
		t.Errorf("got %v and draft %+v, want an error and none", err, log.last)
	}
}

func TestTypeThatWasNotDefinedDoesNothing(t *testing.T) {
	var none event.Type[note]
	log := &recorder{}
	if _, err := none.Publish(t.Context(), log, "t", note{}); !errors.Is(err, event.ErrUndefined) || log.last.Topic != "" {
		t.Errorf("Publish: got %v, want %v", err, event.ErrUndefined)
	}
	if _, err := none.Draft("t", note{}); !errors.Is(err, event.ErrUndefined) {
		t.Errorf("Draft: got %v, want %v", err, event.ErrUndefined)
	}
	if _, err := none.DecodeForm("test.noted", event.Meta{}, []byte("{}")); !errors.Is(err, event.ErrUndefined) {
		t.Errorf("DecodeForm: got %v, want %v", err, event.ErrUndefined)
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
	if got, err := shouted.DecodeForm(d.Type, event.Meta{}, d.Data); err != nil || got.Value != want {
		t.Errorf("got %+v, %v", got, err)
	}
}
