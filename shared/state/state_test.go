package state_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

type card struct{ ID, Title string }

type board struct {
	Cards map[string]card
	Moves int
}

type removal struct{ ID string }

var (
	boards = state.Define[board]("test.board")
	placed = state.On(boards, "test.board.placed", func(b *board, e event.Of[card]) {
		b.Cards[e.Value.ID] = e.Value
		b.Moves++
	})
	removed = state.On(boards, "test.board.removed", func(b *board, e event.Of[removal]) { delete(b.Cards, e.Value.ID) })
	broken  = state.On(boards, "test.board.broken", func(b *board, e event.Of[removal]) { panic("no such card") })
	other   = event.Define[removal]("test.board.other")

	// What placed was called in the release before.
	placedV1 = event.Define[string]("test.board.placed.v1")
)

func init() {
	event.Upcast(placedV1, placed,
		func(title string) card { return card{ID: title, Title: title} },
		func(c card) string { return c.Title })
}

// stored returns an event as a log would.
func stored(t *testing.T, seq uint64, d event.Draft, err error) event.Event {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	e, err := event.New(event.NewID("k3x9q2", seq, fmt.Sprint(seq)), d, time.Unix(1_800_000_000, 0))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func draft[T any](t *testing.T, seq uint64, et event.Type[T], v T) event.Event {
	t.Helper()
	d, err := et.Draft(boards.Topic("red"), v)
	return stored(t, seq, d, err)
}

func TestApplyFoldsEventsOfTheKind(t *testing.T) {
	b := boards.New()
	for seq, e := range []event.Event{
		draft(t, 1, placed, card{"a", "Ship"}),
		draft(t, 2, placedV1, "Rest"),
		draft(t, 3, removed, removal{"a"}),
	} {
		if folded, err := boards.Apply(&b, e); !folded || err != nil {
			t.Errorf("event %d was folded %v: %v", seq+1, folded, err)
		}
	}
	if data, err := boards.Encode(&b); err != nil || string(data) != `{"Cards":{"Rest":{"ID":"Rest","Title":"Rest"}},"Moves":2}` {
		t.Errorf("got %s (%v)", data, err)
	}
}

func TestApplySkipsOnlyTypesThatTheProgramDefines(t *testing.T) {
	b := boards.New()
	if folded, err := boards.Apply(&b, draft(t, 1, other, removal{})); folded || err != nil {
		t.Errorf("an event of a type without a fold was folded %v: %v", folded, err)
	}
	unknown := stored(t, 2, event.Draft{Topic: boards.Topic("red"), Type: "of.another.release", Data: []byte("{}")}, nil)
	var of *state.FoldError
	if _, err := boards.Apply(&b, unknown); !errors.Is(err, state.ErrUnknownType) || !errors.As(err, &of) || of.ID != unknown.ID() {
		t.Errorf("an event of a type that is not defined gave %v", err)
	}
}

func TestApplyReportsWhatCannotBeFolded(t *testing.T) {
	b := boards.New()
	_, err := boards.Apply(&b, draft(t, 7, broken, removal{"secret"}))
	if err == nil || !strings.Contains(err.Error(), "no such card") || !strings.Contains(err.Error(), "k3x9q2-7-") || strings.Contains(err.Error(), "secret") {
		t.Errorf("a fold that panics gave %v", err)
	}
	bad := stored(t, 8, event.Draft{Topic: boards.Topic("red"), Type: placed.Name(), Data: []byte(`"text"`)}, nil)
	var decode *event.DecodeError
	if _, err := boards.Apply(&b, bad); !errors.As(err, &decode) {
		t.Errorf("a payload of another type gave %v", err)
	}
}

func TestKindNamesItsTopics(t *testing.T) {
	for topic, want := range map[string]string{"test.board.red": "red", "test.board.a.b": "a.b", "test.board": "", "test.board.": "", "test.boards.red": "", "red": ""} {
		if key, ok := boards.Key(topic); key != want || ok != (want != "") {
			t.Errorf("the key of %q is %q (%v), want %q", topic, key, ok, want)
		}
	}
	if got := boards.Topic("red"); got != "test.board.red" {
		t.Errorf("the topic of red is %q", got)
	}
}

func TestZeroKindRefusesToFold(t *testing.T) {
	var k state.Kind[board]
	var b board
	_, applyErr := k.Apply(&b, draft(t, 1, placed, card{}))
	_, encodeErr := k.Encode(&b)
	_, decodeErr := k.Decode("", nil)
	for _, err := range []error{applyErr, encodeErr, decodeErr} {
		if !errors.Is(err, state.ErrUndefined) {
			t.Errorf("got %v, want ErrUndefined", err)
		}
	}
	if _, ok := k.Key(".red"); ok || k.Name() != "" || k.Types() != nil || k.Windowed() || k.FromRetained() || k.Description() != "" {
		t.Error("the zero Kind has something")
	}
}

var names atomic.Int64

// fresh returns a name that no test has defined, however often the tests run.
func fresh() string { return fmt.Sprintf("test.fresh%d", names.Add(1)) }

func TestDefineRefusesAtOnceWhatCouldNotWorkLater(t *testing.T) {
	type hidden struct {
		Text  string
		cache map[string]int // as a fold might want
	}
	_ = hidden{}.cache
	var none state.Kind[board]
	for name, c := range map[string]struct {
		define func()
		says   string
	}{
		"a bad name":                     {func() { state.Define[board]("no spaces") }, "no spaces"},
		"a name without room for a key":  {func() { state.Define[board](strings.Repeat("x", 100)) }, "room for a key"},
		"a name that is taken":           {func() { state.Define[board]("test.board") }, "twice"},
		"a name within another's topics": {func() { state.Define[board]("test.board.red") }, `"test.board"`},
		"a name around another's topics": {func() { state.Define[board]("test") }, `"test.board"`},
		"a field that is not exported":   {func() { state.Define[hidden](fresh()) }, "field cache"},
		"such a field further in":        {func() { state.Define[map[string][]*hidden](fresh()) }, "field cache"},
		"a field left out": {func() {
			state.Define[struct {
				At int `json:"-"`
			}](fresh())
		}, "field At"},
		"a function":                   {func() { state.Define[struct{ F func() }](fresh()) }, "field F"},
		"a fold without a kind":        {func() { state.Fold(none, other, func(*board, event.Of[removal]) {}) }, "state.Define"},
		"a fold of no type":            {func() { state.Fold(boards, event.Type[removal]{}, func(*board, event.Of[removal]) {}) }, "event.Define"},
		"a second fold":                {func() { state.Fold(boards, removed, func(*board, event.Of[removal]) {}) }, "already"},
		"a type that is taken":         {func() { state.On(boards, "test.board.placed", func(*board, event.Of[card]) {}) }, "twice"},
		"a window of no items":         {func() { state.Define(fresh(), state.Newest(0, (*diary).items)) }, "at least one"},
		"an upgrade from its own type": {func() { state.Upgrade(boards, func(b board) board { return b }) }, "its own"},
	} {
		func() {
			defer func() {
				if msg, _ := recover().(string); !strings.Contains(msg, c.says) || msg == "" {
					t.Errorf("%s: panicked with %q, want %q in it", name, msg, c.says)
				}
			}()
			c.define()
		}()
	}
}

func TestNewMakesTheMapsOfAStruct(t *testing.T) {
	type deep struct {
		Names map[string]int
		Inner struct{ Names map[string]int }
	}
	s := state.Define[deep](fresh()).New()
	if s.Names == nil || s.Inner.Names != nil {
		t.Errorf("got %#v", s)
	}
	if m := state.Define[map[string]int](fresh()).New(); m == nil {
		t.Error("a state that is a map is nil")
	}
}

func TestCloneSharesNoMemory(t *testing.T) {
	b := boards.New()
	b.Cards["a"] = card{ID: "a"}
	clone, err := boards.Clone(&b)
	if err != nil {
		t.Fatal(err)
	}
	clone.Cards["b"] = card{ID: "b"}
	if len(b.Cards) != 1 || len(clone.Cards) != 2 {
		t.Errorf("the state has %d cards, its clone %d", len(b.Cards), len(clone.Cards))
	}
}

type counted struct{ N int }

func (c counted) Clone() counted { return counted{c.N + 100} }

func TestCloneUsesTheMethod(t *testing.T) {
	k := state.Define[counted](fresh())
	s := counted{1}
	if c, err := k.Clone(&s); err != nil || c.N != 101 {
		t.Errorf("got %v, %v", c, err)
	}
}
