package event_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/event"
)

func TestHistoryIsReadLineByLine(t *testing.T) {
	h, err := event.ParseHistory("# released\n\na.b {x:int}\r\nc string\na.b {x:int y:int}")
	want := event.History{"a.b": {"{x:int}", "{x:int y:int}"}, "c": {"string"}}
	if err != nil || !reflect.DeepEqual(h, want) {
		t.Errorf("got %q, %v; want %q", h, err, want)
	}
	if got := h.Newest("a.b"); got != "{x:int y:int}" {
		t.Errorf("the newest is %q", got)
	}
	if got := h.Newest("d"); got != "" {
		t.Errorf("what is not there is %q", got)
	}
}

func TestDefinedTypesAreAHistory(t *testing.T) {
	h, err := event.ParseHistory(event.Schema())
	if err != nil || len(h) != len(event.Schemas()) {
		t.Errorf("%d of %d types were read back: %v", len(h), len(event.Schemas()), err)
	}
}

func TestHistoryThatIsBadStopsTheProgramAtItsStart(t *testing.T) {
	name := fresh()
	event.Record(name + " {}\n")
	for text, says := range map[string]string{
		"\nno_description":      `line 2: "" is not a description`,
		"a b {x:int}":           `line 1: "b {x:int}" is not a description`,
		"a {x:int":              `"{x:int" is not a description`,
		"message {x:int}":       "reserved",
		"a..b {x:int}":          "a..b",
		name + " {again:int}\n": "recorded twice",
	} {
		if msg := wantPanic(t, text, func() { event.Record(text) }); !strings.HasPrefix(msg, "event: ") || !strings.Contains(msg, says) {
			t.Errorf("%q: panicked with %q, want %q in it", text, msg, says)
		}
	}
}

type loudNote struct {
	note
	Mood string `json:"mood,omitempty"`
}

func TestOlderVersionsThatGetAlongAreAccepted(t *testing.T) {
	short, whole, unchanged, now := fresh(), fresh(), fresh(), fresh()
	event.Define[struct {
		Text string `json:"text"`
	}](short)
	event.Define[note](whole)
	event.Define[note](unchanged)
	before := event.Accepts() // so that what comes later must be noticed

	event.Define[loudNote](now)
	event.Record(now + " {text:int}\n" + now + " {text:string}\n" + now + " {loud:float64 text:string}\n" +
		now + " {text:string}\n" + now + " {loud:float64 mood:string,omitempty text:string}\n" +
		unchanged + " {loud:float64 text:string}\n")
	got := event.Accepts()
	if want := []string{event.Schemas()[short], event.Schemas()[whole]}; !slices.Equal(got[now], want) {
		t.Errorf("accepts %q, want %q: not what would be misread, nor one twice, nor itself", got[now], want)
	}
	delete(got, now)
	if !maps.EqualFunc(got, before, slices.Equal) {
		t.Errorf("the other types accept %q, and %q before", got, before)
	}
}

func TestAcceptsReturnsACopy(t *testing.T) {
	name := fresh()
	event.Record(name + " {text:string}\n")
	event.Define[note](name)
	got := event.Accepts()
	want := got[name][0]
	got[name][0] = "changed"
	if event.Accepts()[name][0] != want {
		t.Error("the caller's map is the registry's own")
	}
}

// Packages are initialised in an order that nobody should have to think about.
func TestAcceptsDoesNotDependOnTheOrderOfDefinitions(t *testing.T) {
	for _, historyFirst := range []bool{true, false} {
		name := fresh()
		steps := []func(){
			func() { event.Define[note](name) },
			func() { event.Record(name + " {text:string}\n") },
		}
		if historyFirst {
			slices.Reverse(steps)
		}
		steps[0]()
		if got := event.Accepts()[name]; got != nil {
			t.Errorf("half of what it takes accepts %q", got)
		}
		steps[1]()
		if got := event.Accepts()[name]; len(got) != 1 {
			t.Errorf("history first %v: %q is accepted, want one version", historyFirst, got)
		}
	}
}
