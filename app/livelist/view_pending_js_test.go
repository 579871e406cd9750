package livelist_test

import (
	"fmt"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/livelist"
)

func TestPendingItemIsScrolledIntoView(t *testing.T) {
	s := open(t, numbered(100), line{new(int)}, livelist.ViewOptions{})
	s.scroll(500)
	s.until(func() bool { return find(".livelist-pill").Truthy() })
	s.do(func() { s.list.SetPending(mine("mine")) })
	s.until(func() bool { return !find(".livelist-pill").Truthy() })
}

func TestPendingItemsAreShownOnceAndEndAsWhatTheyBecome(t *testing.T) {
	row := retrier{line{new(int)}, &[]string{}}
	s := open(t, numbered(2), row, livelist.ViewOptions{})
	all := mine("a", "b", "c")
	all[1].Sent, all[2].Failure = true, "the server said no"
	s.do(func() { s.list.SetPending(all) })
	if got := shown(); got != "0 1 a b c" {
		t.Fatalf("it shows %q", got)
	}
	if n := []int{count(".livelist-sending"), count(".livelist-sent"), count(".livelist-failed")}; fmt.Sprint(n) != "[1 1 1]" {
		t.Errorf("%v are sending, sent and failed", n)
	}
	if got := read(".livelist-failed [role=alert]"); got != "the server said no" {
		t.Errorf("it says %q", got)
	}
	s.click(".livelist-failed .livelist-retry")
	s.click(".livelist-failed .livelist-discard")
	if got := fmt.Sprint(*row.asked); got != "[retry c discard c]" {
		t.Errorf("asked for were %s", got)
	}
	s.do(func() { s.list.Upsert(item{"c", 0, "c!"}); s.list.Upsert(item{"b", 0, "b!"}) })
	if got := shown(); got != "0 1 c! b! a" || count(".livelist-pending") != 1 {
		t.Errorf("it shows %q", got)
	}
}

// The buttons of a row that was third and is first are still its own: go-app
// compares handlers by their code alone.
func TestButtonsBelongToTheirItems(t *testing.T) {
	row := retrier{line{new(int)}, &[]string{}}
	s := open(t, newList(0), row, livelist.ViewOptions{})
	all := mine("a", "b", "c")
	for i := range all {
		all[i].Failure = "no"
	}
	for range 3 {
		s.do(func() { s.list.SetPending(all) })
		s.click(".livelist-discard")
		all = all[1:]
	}
	if focus := document.Get("activeElement"); !focus.Equal(find(".livelist-log")) {
		t.Errorf("the focus is on %s", focus.Get("outerHTML"))
	}
	if got := fmt.Sprint(*row.asked); got != "[discard a discard b discard c]" {
		t.Errorf("asked for were %s", got)
	}
}

type retrier struct {
	line
	asked *[]string
}

func (s retrier) Retry(_ app.Context, i item)   { *s.asked = append(*s.asked, "retry "+i.key) }
func (s retrier) Discard(_ app.Context, i item) { *s.asked = append(*s.asked, "discard "+i.key) }
