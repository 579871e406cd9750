package livelist_test

import (
	"fmt"
	"strconv"
	"strings"
	"syscall/js"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/app/livelist/livelisttest"
)

// shown returns the texts of the rows, pending ones included.
func shown() string {
	var all []string
	nodes := document.Call("querySelectorAll", ".livelist-log .text")
	for i := range nodes.Get("length").Int() {
		all = append(all, nodes.Index(i).Get("textContent").String())
	}
	return strings.Join(all, " ")
}

func (s *stage) post(texts ...string) {
	s.do(func() {
		for _, text := range texts {
			s.list.Upsert(item{text, 0, text})
		}
	})
}

// numbered returns a list of items called 0, 1, 2 ...
func numbered(n int) *livelist.List[item] {
	l := newList(20_000)
	for i := range n {
		l.Upsert(item{strconv.Itoa(i), 100, strconv.Itoa(i)}) // 100 minutes ago
	}
	return l
}

func TestRowsFollowTheList(t *testing.T) {
	s := open(t, newList(0), line{new(int)}, livelist.ViewOptions{EmptyText: "Nobody is here."})
	if got := read(".livelist-empty"); got != "Nobody is here." {
		t.Errorf("an empty list says %q", got)
	}
	s.post("a", "b", "c")
	if got := shown(); got != "a b c" || find(".livelist-empty").Truthy() {
		t.Errorf("it shows %q", got)
	}
	s.do(func() { s.list.Upsert(item{"b", 0, "b2"}); s.list.Remove("a") })
	if got := shown(); got != "b2 c" {
		t.Errorf("it shows %q", got)
	}
	s.do(s.list.Clear)
	if got := shown(); got != "" || !find(".livelist-empty").Truthy() {
		t.Errorf("cleared, it shows %q", got)
	}
}

// Redraws are counted, not timed. One page is for both cases, since ten thousand
// rows take seconds to draw.
func TestAppendToTenThousandRowsDrawsOneChunkAndABurstIsOneRender(t *testing.T) {
	l := line{new(int)}
	s := open(t, numbered(10_000), l, livelist.ViewOptions{})
	for i := range 50 {
		*l.draws = 0
		s.post(fmt.Sprint("new ", i))
		if *l.draws > 25 {
			t.Fatalf("one append has drawn %d rows", *l.draws)
		}
	}
	*l.draws = 0
	before := s.renders
	for i := range 100 {
		s.ctx.Dispatch(func(app.Context) { s.list.Upsert(item{key: fmt.Sprint("burst ", i)}) })
	}
	s.engine.ConsumeAll()
	if renders := s.renders - before; renders != 1 || *l.draws != 100 {
		t.Errorf("a burst of 100 is %d renders, with %d rows drawn", renders, *l.draws)
	}
	if n := count(".message"); n != 10_150 {
		t.Errorf("%d rows are there", n)
	}
}

// When all is of the last hour, a chunk's times turn from minutes into the time of
// day whenever another is full.
func TestViewDrawsTwoChunksForAnAppend(t *testing.T) {
	l := line{new(int)}
	s := open(t, filled(2000, 2000), l, livelist.ViewOptions{})
	for i := range 60 {
		*l.draws = 0
		s.post(fmt.Sprint("new ", i))
		if *l.draws > 50 {
			t.Fatalf("one append has drawn %d rows", *l.draws)
		}
	}
}

// Dropping the oldest must not move the others: to move a row is to draw it.
func TestViewDrawsOneMoreChunkForAFullList(t *testing.T) {
	l := line{new(int)}
	list := livelist.New(opts{Key: keyOf, Limit: 1000})
	for i := range numbered(1000).All() {
		list.Upsert(i)
	}
	s := open(t, list, l, livelist.ViewOptions{})
	for i := range 60 {
		*l.draws = 0
		s.post(fmt.Sprint("new ", i))
		if *l.draws > 25 {
			t.Fatalf("append %d to a full list has drawn %d rows", i, *l.draws)
		}
	}
	if got, want := find(".message").Get("dataset").Get("id").String(), "50"; got != want {
		t.Errorf("the first row is %s, want %s", got, want)
	}
}

func TestAnotherRowDrawsAllAnew(t *testing.T) {
	l := line{new(int)}
	s := open(t, numbered(200), l, livelist.ViewOptions{})
	*l.draws = 0
	other := 1000
	s.do(func() { s.row = line{&other} })
	s.do(func() { s.frame.StatusText = "other words" })
	if *l.draws != 0 || other != 1200 {
		t.Errorf("the new row drew %d items, the old %d", other-1000, *l.draws)
	}
}

func TestViewMayHaveNoPauseButton(t *testing.T) {
	open(t, numbered(1), line{new(int)}, livelist.ViewOptions{NoPauseButton: true})
	if n := count(".livelist-pause"); n != 0 {
		t.Error("there is one")
	}
}

func TestStatusHasText(t *testing.T) {
	s := open(t, newList(0), line{new(int)}, livelist.ViewOptions{})
	for status, want := range map[livelist.Status]string{livelist.Loading: "Loading", livelist.Stale: "Not live", livelist.Broken: "cannot"} {
		s.do(func() { s.frame.Status, s.frame.StatusText = status, "" })
		if got := read(".livelist-status"); !strings.Contains(got, want) || !find("."+status.String()).Truthy() || find(".livelist-empty").Truthy() {
			t.Errorf("%v says %q", status, got)
		}
		s.do(func() { s.frame.StatusText = "our own words" })
		if got := read(".livelist-status"); got != "our own words" {
			t.Errorf("%v says %q", status, got)
		}
	}
	s.do(func() { s.frame.Status = livelist.Ready })
	if got := read(".livelist-status"); got != "" {
		t.Errorf("ready, it says %q", got)
	}
}

func TestHostileTextsAreTextInABrowser(t *testing.T) {
	s := open(t, newList(0), hostileRow{}, livelist.ViewOptions{Label: livelisttest.Hostile[1], StatusText: livelisttest.Hostile[0], Status: livelist.Stale, Title: livelisttest.Hostile[0]})
	for i, text := range livelisttest.Hostile {
		s.do(func() { s.list.Upsert(item{fmt.Sprint(i, text), 0, text}) })
	}
	s.do(func() {
		s.list.SetPending([]livelist.Pending[item]{{Item: item{"p" + livelisttest.Hostile[0], 0, "p"}, Failure: livelisttest.Hostile[0]}})
	})
	nodes := document.Call("querySelectorAll", ".livelist-block .text")
	for i, text := range livelisttest.Hostile {
		node := nodes.Index(i)
		if got, want := node.Get("textContent").String(), inHTML(text); got != want {
			t.Errorf("the text %.40q is %.40q", want, got)
		}
		if got, want := attribute(node), goapp.Attr(text); got != want {
			t.Errorf("the attribute %.40q is %.40q", want, got)
		}
	}
	if js.Global().Get("hacked").Truthy() || count(".livelist img, .livelist script, .livelist svg, .livelist iframe, .livelist style, .livelist b, .livelist i") > 0 {
		t.Error("a text has become markup")
	}
}

// attribute returns an element's title, "" if there is none.
func attribute(e js.Value) string { return e.Get("title").String() }
