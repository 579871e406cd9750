package event_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seawaykit/seaway/shared/event"
)

// fresh returns a name that no test has defined, however often the tests run.
func fresh() string { return fmt.Sprintf("test.fresh%d", names.Add(1)) }

var names atomic.Int64

type selfMade struct{}

func (selfMade) MarshalJSON() ([]byte, error) { return []byte(`"x"`), nil }

func TestDefineRefusesAtOnceWhatCouldNotWorkLater(t *testing.T) {
	for name, c := range map[string]struct {
		define func()
		says   string
	}{
		"a bad name":            {func() { event.Define[note]("no spaces") }, "no spaces"},
		"no name":               {func() { event.Define[note]("") }, "event type"},
		"a reserved name":       {func() { event.Define[note]("message") }, "reserved"},
		"a name that is taken":  {func() { event.Define[note]("test.noted") }, "twice"},
		"a function":            {func() { event.Define[func()](fresh()) }, "func()"},
		"a channel":             {func() { event.Define[chan int](fresh()) }, "chan int"},
		"a complex number":      {func() { event.Define[complex128](fresh()) }, "complex128"},
		"a function in a field": {func() { event.Define[struct{ F []func() }](fresh()) }, "field F"},
		"a channel in a map":    {func() { event.Define[map[string]chan int](fresh()) }, "chan int"},
		"JSON made by itself":   {func() { event.Define[selfMade](fresh()) }, "Schema() string"},
		"such JSON in a field":  {func() { event.Define[struct{ S *selfMade }](fresh()) }, "Schema() string"},
	} {
		if msg := wantPanic(t, name, c.define); !strings.HasPrefix(msg, "event: ") || !strings.Contains(msg, c.says) {
			t.Errorf("%s: panicked with %q, want %q in it", name, msg, c.says)
		}
	}
}

func TestTypeThatIsRefusedLeavesItsNameFree(t *testing.T) {
	name := fresh()
	wantPanic(t, "a channel", func() { event.Define[chan int](name) })
	if got := event.Define[note](name).Name(); got != name {
		t.Errorf("got %q, want %q", got, name)
	}
}

func TestFieldThatCannotTravelMayBeLeftOut(t *testing.T) {
	event.Define[struct {
		Text   string
		Hook   func() `json:"-"`
		hidden chan int
	}](fresh())
}

func TestFingerprintCoversEveryDefinedType(t *testing.T) {
	before, schema := event.Fingerprint(), event.Schema()
	name := fresh()
	event.Define[note](name)
	if after := event.Fingerprint(); after == before || len(after) != 16 {
		t.Errorf("the fingerprint was %q and is %q after a definition", before, after)
	}
	line := name + " {loud:float64 text:string}\n"
	if after := event.Schema(); strings.Replace(after, line, "", 1) != schema {
		t.Errorf("the schema grew from %q to %q, want %q more", schema, after, line)
	}
	if lines := strings.Split(strings.TrimSpace(event.Schema()), "\n"); !isSorted(lines) {
		t.Errorf("the schema is not sorted: %q", lines)
	}
}

func isSorted(lines []string) bool {
	for i := 1; i < len(lines); i++ {
		if lines[i-1] >= lines[i] {
			return false
		}
	}
	return true
}

func TestTypesOfOneShapeHaveOnePrint(t *testing.T) {
	a, b, c := fresh(), fresh(), fresh()
	event.Define[note](a)
	event.Define[struct {
		Loud float64 `json:"loud"`
		Text string  `json:"text"`
	}](b)
	event.Define[struct {
		Text string `json:"text"`
	}](c)
	prints := event.Schemas()
	if prints[a] == "" || prints[a] != prints[b] || prints[a] == prints[c] {
		t.Errorf("got %q, %q and %q, want two equal ones and another", prints[a], prints[b], prints[c])
	}
	if prints[a] != prints["test.noted"] {
		t.Errorf("the name is part of the print of the payload")
	}
	prints[a] = "changed"
	if event.Schemas()[a] == "changed" {
		t.Error("the caller's map is the registry's own")
	}
}
