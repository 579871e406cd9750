package livelist_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"syscall/js"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/livelist"
)

// A pager is a row whose list has older items, which the test adds.
type pager struct {
	line
	*pages
}

type pages struct {
	stage *stage
	asked int
	next  int // the number of the newest older item
}

func (p pager) LoadOlder(app.Context) {
	p.asked++
	p.stage.frame.Older = livelist.LoadingOlder
}

// answer adds the n items before those of the list.
func (p *pages) answer(n int, then livelist.Older) {
	p.stage.do(func() {
		var older []item
		for i := range n {
			number := p.next - n + 1 + i
			older = append(older, item{strconv.Itoa(number), 100, strconv.Itoa(number)})
		}
		p.next -= n
		p.stage.list.Prepend(older)
		p.stage.frame.Older = then
	})
	nextFrame()
	nextFrame()
	p.stage.engine.ConsumeAll()
}

// openPages shows the items 0 to 99, before which there are others.
func openPages(t *testing.T) *pages {
	p := &pages{next: -1}
	p.stage = open(t, numbered(100), pager{line{new(int)}, p}, livelist.ViewOptions{Title: "Room", Many: "rows", Older: livelist.MoreOlder})
	return p
}

func topOf(id string) float64 {
	return find("[data-id='" + id + "']").Call("getBoundingClientRect").Get("top").Float()
}

func TestViewLoadsOlderItemsNearTheBeginning(t *testing.T) {
	p := openPages(t)
	s := p.stage
	s.scroll(500)
	if p.asked != 0 || read(".livelist-older") != "Load older rows" {
		t.Fatalf("far from the beginning it has asked %d times; it says %q", p.asked, read(".livelist-older"))
	}
	for page := range 3 {
		s.scroll(100_000)
		s.until(func() bool { return p.asked == page+1 })
		s.until(func() bool { return read(".livelist-older") == "Loading older rows" })
		anchor := strconv.Itoa(-50*page + 2)
		row, before := find("[data-id='"+anchor+"']"), topOf(anchor)
		p.answer(50, livelist.MoreOlder)
		if moved := math.Abs(topOf(anchor) - before); moved >= 1 || !row.Get("isConnected").Bool() {
			t.Errorf("page %d has moved the user by %v pixels; the row is the same: %v", page, moved, row.Get("isConnected"))
		}
	}
	s.scroll(100_000)
	s.until(func() bool { return p.asked == 4 })
	p.answer(7, livelist.Beginning)
	if got := read(".livelist-older"); got != "This is the beginning." {
		t.Errorf("at the beginning it says %q", got)
	}
	s.scroll(100_000)
	if all := strings.Fields(shown()); p.asked != 4 || len(all) != 257 || all[0] != "-157" || all[156] != "-1" || all[157] != "0" {
		t.Errorf("it has asked %d times, and shows %d rows from %s", p.asked, len(all), all[0])
	}
	if s.list.Unread() != 0 || read(".livelist-announcer") != "" || title() != "Room" || find(".livelist-divider").Truthy() {
		t.Errorf("%d older rows are unread, it announces %q", s.list.Unread(), read(".livelist-announcer"))
	}
	s.post("x")
	if s.list.Unread() != 1 || !strings.HasSuffix(shown(), " 99 x") {
		t.Errorf("a new row: %d are unread", s.list.Unread())
	}
}

// What does not fill a screen is followed by more, without another scroll.
func TestViewLoadsOlderItemsUntilAScreenIsFull(t *testing.T) {
	p := openPages(t)
	p.stage.scroll(100_000)
	p.stage.until(func() bool { return p.asked == 1 })
	p.answer(2, livelist.MoreOlder)
	p.stage.until(func() bool { return p.asked == 2 })
	p.answer(50, livelist.MoreOlder)
	if p.asked != 2 {
		t.Errorf("a screen later it has asked %d times", p.asked)
	}
}

func TestViewLoadsOlderItemsAgainByAButton(t *testing.T) {
	p := openPages(t)
	p.stage.click(".livelist-older button")
	if focus := document.Get("activeElement"); p.asked != 1 || !focus.Equal(find(".livelist-log")) {
		t.Errorf("it was asked %d times, the focus is on %s", p.asked, focus.Get("outerHTML"))
	}
	p.answer(0, livelist.FailedOlder)
	p.stage.scroll(100_000)
	if got := read(".livelist-older"); p.asked != 1 || got != "Older rows could not be loaded.Try again" {
		t.Errorf("after a failure it has asked %d times, and says %q", p.asked, got)
	}
	p.stage.click(".livelist-older button")
	if p.asked != 2 {
		t.Errorf("the button has asked %d times", p.asked-1)
	}
}

func TestViewLoadsNoOlderItemsWhilePaused(t *testing.T) {
	p := openPages(t)
	p.stage.click(".livelist-pause")
	p.stage.scroll(100_000)
	nextFrame()
	if p.stage.engine.ConsumeAll(); p.asked != 0 {
		t.Errorf("a paused list has asked %d times", p.asked)
	}
}

// BenchmarkPrepend is what 50 older rows cost until the browser has laid them out.
func BenchmarkPrepend(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			p := &pages{next: -1}
			p.stage = open(b, filled(n, n), pager{line{new(int)}, p}, livelist.ViewOptions{})
			clock := js.Global().Get("performance")
			var took []float64
			for b.Loop() {
				began := clock.Call("now").Float()
				p.stage.do(func() {
					var older []item
					for i := range 50 {
						older = append(older, item{key: fmt.Sprint("older ", p.next-50+i), text: "a message of some length"})
					}
					p.next -= 50
					p.stage.list.Prepend(older)
				})
				find(".livelist-log").Get("scrollHeight")
				took = append(took, clock.Call("now").Float()-began)
			}
			report(b, took)
		})
	}
}
