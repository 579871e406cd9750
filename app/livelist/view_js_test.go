package livelist_test

import (
	"fmt"
	"strconv"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/attr"
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
	s := open(t, newList(0), line{new(int)}, livelist.Frame{Empty: "Nobody is here."})
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

// What is drawn anew is counted, not timed.
func TestAnAppendToTenThousandRowsDrawsOneChunk(t *testing.T) {
	l := line{new(int)}
	s := open(t, numbered(10_000), l, livelist.Frame{})
	for i := range 60 {
		*l.draws = 0
		s.post(fmt.Sprint("new ", i))
		if *l.draws > 25 {
			t.Fatalf("one append has drawn %d rows", *l.draws)
		}
	}
	if n := count(".message"); n != 10_060 {
		t.Errorf("%d rows are there", n)
	}
}

func TestABurstIsOneRender(t *testing.T) {
	l := line{new(int)}
	s := open(t, numbered(10_000), l, livelist.Frame{})
	*l.draws = 0
	before := s.renders
	for i := range 100 {
		s.ctx.Dispatch(func(app.Context) { s.list.Upsert(item{key: fmt.Sprint("new ", i)}) })
	}
	s.engine.ConsumeAll()
	if renders := s.renders - before; renders != 1 || *l.draws != 100 {
		t.Errorf("a burst of 100 is %d renders, with %d rows drawn", renders, *l.draws)
	}
}

// When all is of the last hour, a chunk's times turn from minutes into the time of
// day whenever another is full.
func TestAnAppendToWhatWasJustSaidDrawsTwoChunks(t *testing.T) {
	l := line{new(int)}
	s := open(t, filled(2000, 2000), l, livelist.Frame{})
	for i := range 60 {
		*l.draws = 0
		s.post(fmt.Sprint("new ", i))
		if *l.draws > 50 {
			t.Fatalf("one append has drawn %d rows", *l.draws)
		}
	}
}

// Dropping the oldest must not move the others: to move a row is to draw it.
func TestAFullListDrawsOneChunkAsWell(t *testing.T) {
	l := line{new(int)}
	list := livelist.New(opts{Key: keyOf, Limit: 1000})
	for i := range numbered(1000).All() {
		list.Upsert(i)
	}
	s := open(t, list, l, livelist.Frame{})
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
	s := open(t, numbered(200), l, livelist.Frame{})
	*l.draws = 0
	other := 1000
	s.do(func() { s.row = line{&other} })
	s.do(func() { s.frame.Words = "other words" })
	if *l.draws != 0 || other != 1200 {
		t.Errorf("the new row drew %d items, the old %d", other-1000, *l.draws)
	}
}

func TestAReaderAtTheEndStaysThere(t *testing.T) {
	s := open(t, numbered(100), line{new(int)}, livelist.Frame{Title: "Room"})
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

func TestAReaderWhoIsAwayIsNotMovedAndIsToldWhatIsNew(t *testing.T) {
	s := open(t, numbered(100), line{new(int)}, livelist.Frame{Title: "Room"})
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

// instantly has the browser say that its reader wants less motion.
func instantly(t *testing.T) {
	t.Helper()
	was := js.Global().Get("matchMedia")
	asked := js.FuncOf(func(_ js.Value, args []js.Value) any {
		return map[string]any{"matches": strings.Contains(args[0].String(), "prefers-reduced-motion: reduce")}
	})
	js.Global().Set("matchMedia", asked)
	t.Cleanup(func() { js.Global().Set("matchMedia", was); asked.Release() })
}

func TestAJumpIsSmoothUnlessTheReaderWantsLessMotion(t *testing.T) {
	s := open(t, numbered(100), line{new(int)}, livelist.Frame{})
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

func TestOnesOwnWordsAreBroughtIntoSight(t *testing.T) {
	s := open(t, numbered(100), line{new(int)}, livelist.Frame{})
	s.scroll(500)
	s.until(func() bool { return find(".livelist-pill").Truthy() })
	s.do(func() { s.list.Begin(item{"mine", 0, "mine"}) })
	s.until(func() bool { return !find(".livelist-pill").Truthy() })
}

// hide has the browser say whether the page is seen.
func (s *stage) hide(hidden bool) {
	state := map[bool]string{true: "hidden", false: "visible"}[hidden]
	js.Global().Get("Object").Call("defineProperty", document, "visibilityState", map[string]any{"value": state, "configurable": true})
	document.Call("dispatchEvent", js.Global().Get("Event").New("visibilitychange"))
	s.engine.ConsumeAll()
}

func TestAPageThatIsNotSeenCountsInItsTitle(t *testing.T) {
	s := open(t, numbered(3), line{new(int)}, livelist.Frame{Title: "Room"})
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
	s := open(t, numbered(3), line{new(int)}, livelist.Frame{Title: "Room"})
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

func TestAListMayHaveNoPauseButton(t *testing.T) {
	open(t, numbered(1), line{new(int)}, livelist.Frame{Steady: true})
	if n := count(".livelist-pause"); n != 0 {
		t.Error("there is one")
	}
}

func TestEachStatusHasWords(t *testing.T) {
	s := open(t, newList(0), line{new(int)}, livelist.Frame{})
	for status, want := range map[livelist.Status]string{livelist.Loading: "Loading", livelist.Stale: "Not live", livelist.Broken: "cannot"} {
		s.do(func() { s.frame.Status, s.frame.Words = status, "" })
		if got := read(".livelist-status"); !strings.Contains(got, want) || !find("."+status.String()).Truthy() || find(".livelist-empty").Truthy() {
			t.Errorf("%v says %q", status, got)
		}
		s.do(func() { s.frame.Words = "our own words" })
		if got := read(".livelist-status"); got != "our own words" {
			t.Errorf("%v says %q", status, got)
		}
	}
	s.do(func() { s.frame.Status = livelist.Ready })
	if got := read(".livelist-status"); got != "" {
		t.Errorf("ready, it says %q", got)
	}
}

// What comes while the list is loading was there before: it is neither new nor
// announced.
func TestWhatIsLoadedIsNotNews(t *testing.T) {
	s := open(t, newList(0), line{new(int)}, livelist.Frame{Status: livelist.Loading, Title: "Room"})
	t.Cleanup(func() { js.Global().Get("Reflect").Call("deleteProperty", document, "visibilityState") })
	s.hide(true)
	s.post("x", "y")
	s.do(func() { s.frame.Status = livelist.Ready })
	s.hide(false)
	s.pass(time.Minute)
	if said := read(".livelist-announcer"); said != "" || title() != "Room" || s.list.Unread() != 0 {
		t.Errorf("it says %q, the title is %q", said, title())
	}
}

func TestPendingItemsAreShownOnceAndEndAsWhatTheyBecome(t *testing.T) {
	row := sender{line{new(int)}, &[]string{}}
	s := open(t, numbered(2), row, livelist.Frame{})
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
	row := sender{line{new(int)}, &[]string{}}
	s := open(t, newList(0), row, livelist.Frame{})
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

type sender struct {
	line
	sent *[]string
}

func (s sender) Send(_ app.Context, i item) { *s.sent = append(*s.sent, i.key) }

func TestListenersHearASentenceInThreeSeconds(t *testing.T) {
	s := open(t, numbered(3), line{new(int)}, livelist.Frame{One: "message", Many: "messages"})
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
	for range 3 { // the same words are another sentence
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
	s := open(t, list, l, livelist.Frame{})
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
	if got, want := times(), "2 min, "+noon.Add(-59*time.Minute).Local().Format("15:04"); got != want {
		t.Errorf("a minute later the times are %s, want %s", got, want)
	}
	if *l.draws > 100 {
		t.Errorf("a minute has drawn %d rows", *l.draws)
	}
}

func press(target js.Value, key string) (taken bool) {
	e := js.Global().Get("KeyboardEvent").New("keydown", map[string]any{"key": key, "bubbles": true, "cancelable": true})
	return !target.Call("dispatchEvent", e).Bool()
}

func focused() string { return document.Get("activeElement").Get("dataset").Get("id").String() }

func TestRowsAreReachedByArrows(t *testing.T) {
	s := open(t, numbered(60), line{new(int)}, livelist.Frame{})
	s.scroll(500)
	s.do(func() { s.list.Upsert(item{"x", 0, "x"}) }) // behind a divider, in the next chunk but one
	s.do(func() { s.list.Remove("58"); s.list.Remove("59") })
	log := find(".livelist-log")
	for _, step := range []struct{ key, want string }{
		{"ArrowUp", "x"}, {"ArrowUp", "57"}, {"ArrowUp", "56"}, {"ArrowDown", "57"}, {"ArrowDown", "x"}, {"ArrowDown", "x"},
	} {
		target := document.Get("activeElement")
		if !log.Call("contains", target).Bool() {
			target = log
		}
		press(target, step.key)
		if got := focused(); got != step.want {
			t.Fatalf("after %s the focus is on %q, want %q", step.key, got, step.want)
		}
	}
	for _, key := range []string{"Home", "End", "PageUp", "PageDown", "Tab", "a"} {
		if press(log, key) {
			t.Errorf("%s is taken from the browser", key)
		}
	}
}

func TestArrowsAreLeftToWhereTheyAreNeeded(t *testing.T) {
	s := open(t, newList(0), field{}, livelist.Frame{})
	s.post("a", "b")
	if press(find("[data-id=a] input"), "ArrowDown") {
		t.Error("an arrow is taken from a field")
	}
	tall := find("[data-id=a]")
	tall.Get("classList").Call("add", "tall")
	find("[data-id=b]").Get("classList").Call("add", "tall")
	find(".livelist-log").Set("scrollTop", -650) // in the middle of a
	tall.Call("setAttribute", "tabindex", "-1")
	tall.Call("focus", map[string]any{"preventScroll": true})
	if press(tall, "ArrowDown") || press(tall, "ArrowUp") {
		t.Error("the rest of a tall row cannot be scrolled to")
	}
}

// A field is a row with something to write into.
type field struct{}

func (field) Draw(i item, _ livelist.Moment) app.UI {
	return app.Div().DataSet("id", i.key).Body(app.Input().Type("text"))
}

func TestAViewThatWasTakenAwayLeavesNothing(t *testing.T) {
	s := open(t, numbered(100), line{new(int)}, livelist.Frame{Title: "Room"})
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
		s.do(func() { s.closed = false })
		s.until(func() bool { return find(".livelist-moving").Truthy() })
		if n := s.clock.Watches(); n != 1 {
			t.Fatalf("%d watches, want 1", n)
		}
	}
	if got := shown(); !strings.HasSuffix(got, " 99 x2") {
		t.Errorf("it shows %q", got)
	}
}

func TestAViewThatIsTakenAwayAtOnceLeavesNothing(t *testing.T) {
	s := open(t, numbered(1), line{new(int)}, livelist.Frame{})
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
	s := open(t, numbered(100), line{new(int)}, livelist.Frame{Title: "Room"})
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

func TestHostileTextsAreTextInABrowser(t *testing.T) {
	s := open(t, newList(0), hostileRow{}, livelist.Frame{Label: livelisttest.Hostile[1], Words: livelisttest.Hostile[0], Status: livelist.Stale, Title: livelisttest.Hostile[0]})
	for i, text := range livelisttest.Hostile {
		s.do(func() { s.list.Upsert(item{fmt.Sprint(i, text), 0, text}) })
	}
	s.do(func() {
		s.list.Begin(item{"p" + livelisttest.Hostile[0], 0, "p"})
		s.list.Fail("p"+livelisttest.Hostile[0], livelisttest.Hostile[0])
	})
	nodes := document.Call("querySelectorAll", ".livelist-block .text")
	for i, text := range livelisttest.Hostile {
		node := nodes.Index(i)
		if got, want := node.Get("textContent").String(), inHTML(text); got != want {
			t.Errorf("the text %.40q is %.40q", want, got)
		}
		if got, want := attribute(node), attr.Value(text); got != want {
			t.Errorf("the attribute %.40q is %.40q", want, got)
		}
	}
	if js.Global().Get("hacked").Truthy() || count(".livelist img, .livelist script, .livelist svg, .livelist iframe, .livelist style, .livelist b, .livelist i") > 0 {
		t.Error("a text has become markup")
	}
}

// attribute returns an element's title, "" if there is none.
func attribute(e js.Value) string { return e.Get("title").String() }
