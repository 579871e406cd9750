package event_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// stored returns the event that a log has from a server which published v.
func stored[T any](t *testing.T, of event.Type[T], v T) event.Event {
	t.Helper()
	d, err := of.Draft("t", v)
	if err != nil {
		t.Fatal(err)
	}
	return storedAs(t, of.Name(), string(d.Data))
}

func storedAs(t *testing.T, name, data string) event.Event {
	t.Helper()
	e, err := event.New(event.NewID("k3x9q2", 1, "key"), event.Draft{Topic: "t", Type: name, Data: []byte(data)}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// at is what a decoded event says of when it was stored.
func at(e event.Event) time.Time { return e.Time().Truncate(time.Millisecond).UTC() }

func TestDecodeGivesBackWhatWasPublished(t *testing.T) {
	want := note{Text: "line\nbreak, \u2028, <b> and ☃", Loud: -1e-9}
	e := stored(t, noted, want)
	got, err := noted.Decode(e)
	if err != nil || got != (event.Of[note]{ID: e.ID(), Topic: "t", At: at(e), Value: want}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestDecodeConvertsEventsOfPredecessors(t *testing.T) {
	for _, e := range []event.Event{stored(t, tempV3, scaled{3, "C"}), stored(t, tempV2, celsius{3}), stored(t, tempV1, felt{"ooo"})} {
		got, err := tempV3.Decode(e)
		if err != nil || got != (event.Of[scaled]{ID: e.ID(), Topic: "t", At: at(e), Value: scaled{3, "C"}}) {
			t.Errorf("%s was decoded as %+v, %v", e.Type(), got, err)
		}
	}
}

// A caller that reads all events of a topic leaves out those of another type, and
// has something to report of those that it cannot decode.
func TestDecodeDistinguishesAnotherTypeFromABadPayload(t *testing.T) {
	var none event.Type[celsius]
	var bad *event.DecodeError
	for name, c := range map[string]struct {
		of   event.Type[celsius]
		e    event.Event
		want any
	}{
		"another type":             {tempV2, stored(t, noted, note{}), event.ErrOtherType},
		"a newer type":             {tempV2, stored(t, tempV3, scaled{}), event.ErrOtherType},
		"a type that is not known": {tempV2, storedAs(t, "test.unknown", "{}"), event.ErrOtherType},
		"no event":                 {tempV2, event.Event{}, event.ErrOtherType},
		"a bad payload":            {tempV2, storedAs(t, "test.temp.v2", "[]"), &bad},
		"an older one":             {tempV2, storedAs(t, "test.temp", "[]"), &bad},
		"the zero Type":            {none, stored(t, noted, note{}), event.ErrUndefined},
	} {
		got, err := c.of.Decode(c.e)
		if !matches(err, c.want) || got != (event.Of[celsius]{}) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
		if errors.Is(err, event.ErrOtherType) && errors.As(err, &bad) {
			t.Errorf("%s: %v is of both kinds", name, err)
		}
	}
}

// A reader of a topic asks of most events whether they are of a type.
func TestDecodeOfAnotherTypeAllocatesNothing(t *testing.T) {
	e := stored(t, noted, note{})
	if n := testing.AllocsPerRun(100, func() { tempV3.Decode(e) }); n > 0 {
		t.Errorf("%.0f allocations", n)
	}
}

func TestOlderFormsAreReadAsTheNewest(t *testing.T) {
	if got, want := tempV3.Forms(), []string{"test.temp.v3", "test.temp.v2", "test.temp"}; !slices.Equal(got, want) {
		t.Fatalf("the forms are %q, want %q", got, want)
	}
	meta := event.Meta{ID: event.NewID("e1", 7, "k"), Topic: "a.b", At: time.UnixMilli(1796040000007).UTC()}
	for form, data := range map[string]string{
		"test.temp.v3": `{"Degrees":3,"Scale":"C"}`, "test.temp.v2": `{"Degrees":3}`, "test.temp": `{"Felt":"ooo"}`,
	} {
		got, err := tempV3.DecodeForm(form, meta, []byte(data))
		if err != nil || got != (event.Of[scaled]{ID: meta.ID, Topic: "a.b", At: meta.At, Value: scaled{3, "C"}}) {
			t.Errorf("%s %s was read as %+v, %v", form, data, got, err)
		}
		if got, err := tempV3.DecodeForm(form, meta, []byte("[]")); got != (event.Of[scaled]{}) || !isDecodeError(err, form, meta.ID) {
			t.Errorf("%s []: got %+v, %v", form, got, err)
		}
	}
}

func isDecodeError(err error, name string, id event.ID) bool {
	var e *event.DecodeError
	return errors.As(err, &e) && e.Type == name && e.ID == id && string(e.Data) == "[]" && e.Err != nil
}

func TestOtherTypeIsNotRead(t *testing.T) {
	var none event.Type[celsius]
	_, err := tempV2.DecodeForm("test.temp.v3", event.Meta{}, []byte("{}"))
	if !errors.Is(err, event.ErrOtherType) {
		t.Errorf("a newer form: %v", err)
	}
	if _, err := none.DecodeForm("", event.Meta{}, []byte("{}")); !errors.Is(err, event.ErrUndefined) {
		t.Errorf("the zero Type: %v", err)
	}
}

func TestDecodeIgnoresFieldsItDoesNotKnow(t *testing.T) {
	got, err := noted.DecodeForm("test.noted", event.Meta{}, []byte(`{"text":"hi","mood":"good"}`))
	if err != nil || got.Value.Text != "hi" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestPayloadThatDoesNotFitIsADecodeError(t *testing.T) {
	id := event.NewID("k3x9q2", 1, "first")
	for _, data := range []string{``, `{`, `[]`, `{"text":5}`, `{"text":"secret"} {}`, `{"text":["secret"]}`} {
		got, err := noted.DecodeForm("test.noted", event.Meta{ID: id}, []byte(data))
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
