package livelist_test

import (
	"fmt"
	"strconv"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/shared/browser"
)

func TestViewStaysAtTheEnd(t *testing.T) {
	s := open(t, numbered(100), line{new(int)}, livelist.ViewOptions{Title: "Room"})
	for i := range 50 {
		s.post(fmt.Sprint("new ", i))
	}
	log := find(".livelist-log")
	nextFrame()
	if top := log.Get("scrollTop").Int(); top != 0 {
		t.Errorf("the log is %d from its end", top)
	}
	if s.list.Unread() != 0 || find(".livelist-pill").Truthy() || find(".livelist-divider").Truthy() || title() != "Room" {
		t.Errorf("%d unread, the title is %q", s.list.Unread(), title())
	}
}

func title() string { return document.Get("title").String() }

func TestViewKeepsScrollPositionAndShowsUnreadCount(t *testing.T) {
	s := open(t, numbered(100), line{new(int)}, livelist.ViewOptions{Title: "Room"})
	s.scroll(500)
	row := find("[data-id='70']")
	before := row.Call("getBoundingClientRect").Get("top").Float()
	s.until(func() bool { return read(".livelist-pill") == "Newest" })
	for _, text := range []string{"x", "y", "z"} {
		s.post(text)
	}
	nextFrame()
	if after := row.Call("getBoundingClientRect").Get("top").Float(); after < before-1 || after > before+1 {
		t.Errorf("the reader was moved by %v pixels", after-before)
	}
	if got := read(".livelist-pill"); got != "3 new" || title() != "(3) Room" {
		t.Errorf("the pill says %q, the title %q", got, title())
	}
	if next := find(".livelist-divider").Get("nextElementSibling"); next.Get("dataset").Get("id").String() != "x" {
		t.Errorf("the divider is before %s", next.Get("outerHTML"))
	}
	instantly(t)
	s.click(".livelist-pill")
	s.until(func() bool { return !find(".livelist-pill").Truthy() })
	if s.list.Unread() != 0 || title() != "Room" || !find(".livelist-divider").Truthy() {
		t.Errorf("at the end %d are unread, the title is %q, the divider %v", s.list.Unread(), title(), find(".livelist-divider"))
	}
	if focus := document.Get("activeElement"); !focus.Equal(find(".livelist-log")) {
		t.Errorf("the focus is on %s", focus.Get("outerHTML"))
	}
}

// instantly makes the browser report that the user prefers reduced motion.
func instantly(t *testing.T) {
	t.Helper()
	was := js.Global().Get("matchMedia")
	asked := js.FuncOf(func(_ js.Value, args []js.Value) any {
		return map[string]any{"matches": strings.Contains(args[0].String(), "prefers-reduced-motion: reduce")}
	})
	js.Global().Set("matchMedia", asked)
	t.Cleanup(func() { js.Global().Set("matchMedia", was); asked.Release() })
}

func TestViewScrollsSmoothlyUnlessReducedMotion(t *testing.T) {
	s := open(t, numbered(100), line{new(int)}, livelist.ViewOptions{})
	var asked []string
	scrollTo := js.FuncOf(func(_ js.Value, args []js.Value) any {
		asked = append(asked, args[0].Get("behavior").String())
		return nil
	})
	defer scrollTo.Release()
	s.scroll(500)
	s.until(func() bool { return find(".livelist-pill").Truthy() })
	find(".livelist-log").Set("scrollTo", scrollTo)
	s.click(".livelist-pill")
	instantly(t)
	s.click(".livelist-pill")
	if got := fmt.Sprint(asked); got != "[smooth instant]" {
		t.Errorf("the log was scrolled %s", got)
	}
}

// hide makes the browser report whether the page is visible.
func (s *stage) hide(hidden bool) {
	state := map[bool]string{true: "hidden", false: "visible"}[hidden]
	js.Global().Get("Object").Call("defineProperty", document, "visibilityState", map[string]any{"value": state, "configurable": true})
	document.Call("dispatchEvent", js.Global().Get("Event").New("visibilitychange"))
	s.engine.ConsumeAll()
}

func TestViewCountsInTheTitleOfAHiddenPage(t *testing.T) {
	s := open(t, numbered(3), line{new(int)}, livelist.ViewOptions{Title: "Room"})
	t.Cleanup(func() { js.Global().Get("Reflect").Call("deleteProperty", document, "visibilityState") })
	s.hide(true)
	s.post("x", "y")
	s.do(func() { s.list.Remove("y") })
	s.pass(time.Minute)
	if title() != "(1) Room" || read(".livelist-announcer") != "" {
		t.Errorf("the title is %q, and it says %q", title(), read(".livelist-announcer"))
	}
	s.hide(false)
	if title() != "Room" || read(".livelist-announcer") == "" {
		t.Errorf("seen again, the title is %q, and it says %q", title(), read(".livelist-announcer"))
	}
	if next := find(".livelist-divider").Get("nextElementSibling"); next.Get("dataset").Get("id").String() != "x" {
		t.Errorf("the divider is before %s", next.Get("outerHTML"))
	}
}

func TestPauseHoldsBackAndResumeShows(t *testing.T) {
	s := open(t, numbered(3), line{new(int)}, livelist.ViewOptions{Title: "Room"})
	s.click(".livelist-pause")
	if got := read(".livelist-pause"); got != "Resume" {
		t.Errorf("the button says %q", got)
	}
	s.post("x", "y")
	s.do(func() { s.list.Remove("0") })
	if got := read(".livelist-pause"); got != "Resume (2 new)" || shown() != "0 1 2" || title() != "(2) Room" {
		t.Errorf("the button says %q, the list shows %q, the title is %q", got, shown(), title())
	}
	s.click(".livelist-pause")
	if got := read(".livelist-pause"); got != "Pause" || shown() != "1 2 x y" || title() != "Room" {
		t.Errorf("resumed, the button says %q, the list shows %q, the title is %q", got, shown(), title())
	}
	if next := find(".livelist-divider").Get("nextElementSibling"); next.Get("dataset").Get("id").String() != "x" {
		t.Errorf("the divider is before %s", next.Get("outerHTML"))
	}
}

// Items that are added while the list is loading are older: they are neither
// unread nor announced.
func TestViewDoesNotAnnounceWhatIsLoading(t *testing.T) {
	s := open(t, newList(0), line{new(int)}, livelist.ViewOptions{Status: livelist.Loading, Title: "Room"})
	t.Cleanup(func() { js.Global().Get("Reflect").Call("deleteProperty", document, "visibilityState") })
	s.hide(true)
	s.post("x", "y")
	s.do(func() { s.frame.Status = livelist.Ready })
	if title() != "Room" {
		t.Errorf("loaded and not seen, the title is %q", title())
	}
	s.hide(false)
	s.pass(time.Minute)
	if said := read(".livelist-announcer"); said != "" || title() != "Room" || s.list.Unread() != 0 {
		t.Errorf("it says %q, the title is %q", said, title())
	}
}

func TestAnnouncementsAreThreeSecondsApart(t *testing.T) {
	s := open(t, numbered(3), line{new(int)}, livelist.ViewOptions{One: "message", Many: "messages"})
	said := func() string { return strings.TrimSuffix(read(".livelist-announcer"), "\u00a0") }
	if said() != "" || find(".livelist-log").Call("getAttribute", "aria-live").String() != "off" {
		t.Errorf("at first it says %q", said())
	}
	s.post("a")
	if got := said(); got != "1 new message, from a: a" {
		t.Errorf("it says %q", got)
	}
	s.post("b", "c")
	s.post("d\n\n  two")
	s.pass(2 * time.Second)
	if got := said(); got != "1 new message, from a: a" {
		t.Errorf("two seconds later it says %q", got)
	}
	s.pass(time.Second)
	if got := said(); got != "3 new messages, the last from d two: d two" {
		t.Errorf("three seconds later it says %q", got)
	}
	before := read(".livelist-announcer")
	for range 3 { // the same text must be announced again
		s.do(func() { s.list.Remove("a") })
		s.post("a")
		s.pass(3 * time.Second)
		now := read(".livelist-announcer")
		if now == before {
			t.Errorf("it goes on saying %q", now)
		}
		before = now
	}
}

func TestTimesTurnRelativeAndGoOn(t *testing.T) {
	l := line{new(int)}
	list := newList(0)
	for i := range 2000 {
		list.Upsert(item{strconv.Itoa(i), 2000 - i, ""}) // minutes ago
	}
	s := open(t, list, l, livelist.ViewOptions{})
	times := func() string {
		nodes := document.Call("querySelectorAll", ".livelist-time")
		n := nodes.Get("length").Int()
		return nodes.Index(n-1).Get("textContent").String() + ", " + nodes.Index(n-59).Get("textContent").String()
	}
	if got := times(); got != "1 min, 59 min" {
		t.Errorf("the times are %s", got)
	}
	*l.draws = 0
	s.pass(30 * time.Second)
	if *l.draws != 0 {
		t.Errorf("half a minute has drawn %d rows", *l.draws)
	}
	s.pass(30 * time.Second)
	if got, want := times(), "2 min, "+browser.NewTimeFormat(map[string]any{"timeStyle": "short"}).Format(noon.Add(-59*time.Minute)); got != want {
		t.Errorf("a minute later the times are %s, want %s", got, want)
	}
	if *l.draws > 100 {
		t.Errorf("a minute has drawn %d rows", *l.draws)
	}
}

func TestViewDismountedLeavesNothing(t *testing.T) {
	s := open(t, numbered(100), line{new(int)}, livelist.ViewOptions{Title: "Room"})
	s.scroll(500)
	s.post("x")
	s.until(func() bool { return title() == "(1) Room" })
	for range 3 {
		s.do(func() { s.closed = true })
		if n := s.clock.Watches(); n != 0 || title() != "Room" {
			t.Fatalf("%d watches are left, the title is %q", n, title())
		}
		document.Call("dispatchEvent", js.Global().Get("Event").New("visibilitychange"))
		s.do(func() { s.list.Upsert(item{"x", 0, "x2"}) })
		s.do(func() { s.list.Upsert(item{"unseen", 0, ""}) })
		if s.list.Unread() == 0 {
			t.Fatal("a list that is not shown is at its end")
		}
		s.do(func() { s.list.Remove("unseen"); s.closed = false })
		s.until(func() bool { return find(".livelist-moving").Truthy() })
		if n := s.clock.Watches(); n != 1 {
			t.Fatalf("%d watches, want 1", n)
		}
	}
	if got := shown(); !strings.HasSuffix(got, " 99 x2") {
		t.Errorf("it shows %q", got)
	}
}

func TestViewDismountedAtOnceLeavesNothing(t *testing.T) {
	console := js.Global().Get("console")
	was := console.Get("error")
	complain := js.FuncOf(func(_ js.Value, args []js.Value) any {
		t.Errorf("the browser complains: %s", args[0].String()) // of a callback that was released, say
		return nil
	})
	console.Set("error", complain)
	t.Cleanup(func() { console.Set("error", was); complain.Release() })
	s := open(t, numbered(1), line{new(int)}, livelist.ViewOptions{})
	s.do(func() { s.closed = true })
	s.do(func() { s.closed = false })
	s.do(func() { s.closed = true })
	nextFrame()
	nextFrame()
	s.engine.ConsumeAll()
	if n := s.clock.Watches(); n != 0 {
		t.Errorf("%d watches are left", n)
	}
}

func TestAnotherListIsTakenUp(t *testing.T) {
	s := open(t, numbered(100), line{new(int)}, livelist.ViewOptions{Title: "Room"})
	s.scroll(500)
	s.until(func() bool { return find(".livelist-pill").Truthy() })
	old, other := s.list, numbered(300)
	s.do(func() { s.list = other })
	s.until(func() bool { return !find(".livelist-pill").Truthy() })
	s.post("x")
	s.do(func() { old.Upsert(item{key: "unseen"}) })
	if old.Unread() != 1 || other.Unread() != 0 || read(".livelist-announcer") == "" {
		t.Errorf("%d and %d are unread, it says %q", old.Unread(), other.Unread(), read(".livelist-announcer"))
	}
}
