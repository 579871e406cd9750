package event_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/event"
)

// Three releases of a thermometer: in words, in degrees, in degrees and with
// what they are of.
type (
	felt    struct{ Felt string }
	celsius struct{ Degrees int }
	scaled  struct {
		Degrees int
		Scale   string
	}
)

var (
	tempV1 = event.Define[felt]("test.temp")
	tempV2 = event.Define[celsius]("test.temp.v2")
	tempV3 = event.Define[scaled]("test.temp.v3")
)

func init() {
	// In the wrong order on purpose: initialisation may bring either first.
	event.Upcast(tempV2, tempV3,
		func(o celsius) scaled { return scaled{o.Degrees, "C"} },
		func(n scaled) celsius { return celsius{n.Degrees} })
	event.Upcast(tempV1, tempV2,
		func(o felt) celsius { return celsius{len(o.Felt)} },
		func(n celsius) felt { return felt{strings.Repeat("o", n.Degrees)} })
}

func TestEventIsSentInItsOlderFormsToo(t *testing.T) {
	d, err := tempV3.Draft("t", scaled{3, "C"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, data string
		want       string
	}{
		{"test.temp.v3", string(d.Data), `[{test.temp.v2 {"Degrees":3}} {test.temp {"Felt":"ooo"}}]`},
		{"test.temp.v2", `{"Degrees":2}`, `[{test.temp {"Felt":"oo"}}]`},
		{"test.temp", `{"Felt":"o"}`, `[]`},
		{"test.noted", `{}`, `[]`},
		{"test.temp.v3", `{"Degrees":"hot"}`, `[]`},
	} {
		if got := words(event.OlderForms(c.name, []byte(c.data))); got != c.want {
			t.Errorf("%s %s has the older forms %s, want %s", c.name, c.data, got, c.want)
		}
	}
}

func words(forms []event.Form) string {
	texts := make([]string, len(forms))
	for i, f := range forms {
		texts[i] = fmt.Sprintf("{%s %s}", f.Name, f.Data)
	}
	return fmt.Sprint(texts)
}

func TestTypeWithoutOlderFormsCostsNothing(t *testing.T) {
	data := []byte(`{"text":"hi"}`)
	if n := testing.AllocsPerRun(100, func() { event.OlderForms("test.noted", data) }); n > 0 {
		t.Errorf("%.0f allocations", n)
	}
}

func TestPayloadsThatAreAnythingCanBeNothing(t *testing.T) {
	anyhow, something := event.Define[any](fresh()), event.Define[any](fresh())
	same := func(v any) any { return v }
	event.Upcast(anyhow, something, same, same)
	if got, err := something.DecodeForm(anyhow.Name(), event.Meta{}, []byte("null")); err != nil || got.Value != nil {
		t.Errorf("null was read as %v, %v", got, err)
	}
	if got := words(event.OlderForms(something.Name(), []byte("null"))); got != fmt.Sprintf("[{%s null}]", anyhow.Name()) {
		t.Errorf("null has the older forms %s", got)
	}
}

func TestMethodsOnPointersMakeTheOlderFormToo(t *testing.T) {
	plain, shouting := event.Define[note](fresh()), event.Define[shout](fresh())
	event.Upcast(shouting, plain,
		func(o shout) note { return note{Text: o.Word.word} },
		func(n note) shout { return shout{loud{n.Text}} })
	if got := words(event.OlderForms(plain.Name(), []byte(`{"text":"land"}`))); !strings.Contains(got, `{"Word":"LAND"}`) {
		t.Errorf("got %s", got)
	}
}

func TestTypesAreJoinedInARow(t *testing.T) {
	a, b, c, d := event.Define[note](fresh()), event.Define[note](fresh()), event.Define[note](fresh()), event.Define[note](fresh())
	same := func(n note) note { return n }
	join := func(from, to event.Type[note]) func() { return func() { event.Upcast(from, to, same, same) } }
	join(a, b)()
	join(b, c)()
	for name, bad := range map[string]struct {
		join func()
		says string
	}{
		"a second older form":  {join(d, b), "has an older form already"},
		"a second newer form":  {join(a, d), "has a newer form already"},
		"a ring":               {join(c, a), "is its own older form"},
		"a ring of one":        {join(d, d), "is its own older form"},
		"twice the same":       {join(a, b), "already"},
		"from nothing defined": {join(event.Type[note]{}, d), "not made by event.Define"},
		"to nothing defined":   {join(d, event.Type[note]{}), "not made by event.Define"},
	} {
		if msg := wantPanic(t, name, bad.join); !strings.HasPrefix(msg, "event: ") || !strings.Contains(msg, bad.says) {
			t.Errorf("%s: panicked with %q, want %q in it", name, msg, bad.says)
		}
	}
	if got, want := c.Forms(), []string{c.Name(), b.Name(), a.Name()}; !slices.Equal(got, want) {
		t.Errorf("after that the forms are %q, want %q", got, want)
	}
	join(d, a)() // what was refused has left nothing behind
}
