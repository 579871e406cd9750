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
	s.do(func() { s.list.Begin(item{"mine", 0, "mine"}) })
	s.until(func() bool { return !find(".livelist-pill").Truthy() })
}

func TestPendingItemsAreShownOnceAndEndAsWhatTheyBecome(t *testing.T) {
	row := retrier{line{new(int)}, &[]string{}}
	s := open(t, numbered(2), row, livelist.ViewOptions{})
	s.do(func() {
		for _, key := range []string{"a", "b", "c"} {
			s.list.Begin(item{key, 0, key})
		}
		s.list.Confirm("b")
		s.list.Fail("c", "the server said no")
	})
	if got := shown(); got != "0 1 a b c" {
		t.Fatalf("it shows %q", got)
	}
	if n := []int{count(".livelist-sending"), count(".livelist-sent"), count(".livelist-failed")}; fmt.Sprint(n) != "[1 1 1]" {
		t.Errorf("%v are sending, sent and failed", n)
	}
	if got := read(".livelist-failed [role=alert]"); got != "Not sent: the server said no" {
		t.Errorf("it says %q", got)
	}
	s.do(func() { s.list.Fail("a", "") })
	s.click(".livelist-failed:last-child .livelist-retry")
	if got := fmt.Sprint(*row.sent); got != "[c]" || count(".livelist-failed") != 1 {
		t.Errorf("sent again were %s", got)
	}
	s.click(".livelist-failed .livelist-discard")
	s.do(func() { s.list.Upsert(item{"c", 0, "c!"}); s.list.Upsert(item{"b", 0, "b!"}) })
	if got := shown(); got != "0 1 c! b!" || count(".livelist-pending") != 0 {
		t.Errorf("it shows %q", got)
	}
}

// The buttons of a row that was third and is first are still its own: go-app
// compares handlers by their code alone.
func TestButtonsBelongToTheirItems(t *testing.T) {
	row := retrier{line{new(int)}, &[]string{}}
	s := open(t, newList(0), row, livelist.ViewOptions{})
	s.do(func() {
		for _, key := range []string{"a", "b", "c"} {
			s.list.Begin(item{key, 0, key})
			s.list.Fail(key, "no")
		}
	})
	s.click(".livelist-discard")
	s.click(".livelist-discard")
	if got := shown(); got != "c" {
		t.Errorf("it shows %q", got)
	}
	if focus := document.Get("activeElement"); !focus.Equal(find(".livelist-log")) {
		t.Errorf("the focus is on %s", focus.Get("outerHTML"))
	}
	s.click(".livelist-retry")
	if got := fmt.Sprint(*row.sent); got != "[c]" {
		t.Errorf("sent again were %s", got)
	}
}

type retrier struct {
	line
	sent *[]string
}

func (s retrier) Retry(_ app.Context, i item) { *s.sent = append(*s.sent, i.key) }
