package livelist

import (
	"math"
	"sync"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// edge is how far from the end, in pixels, a reader is still at the end.
const edge = 48

// A reader is the browser's side of a view: where it is scrolled to, whether the
// page is seen, keys and time. It lives from mount to dismount.
type reader struct {
	log    app.Value
	away   bool // from the end
	hidden bool // the page
	pulse  pulse
}

// OnMount begins to follow the reader, in the browser only, and not before its
// present task is done: until then the document is what the server drew. go-app
// draws the next frame in the same task if the page takes long to mount.
func (v *view[T]) OnMount(ctx app.Context) {
	v.stops.later(func() { ctx.Dispatch(v.begin) })
}

func (v *view[T]) begin(ctx app.Context) {
	v.reader = &reader{log: ctx.JSSrc().Call("querySelector", ".livelist-log"), hidden: isHidden()}
	now := v.Frame.clock().Now()
	v.reader.pulse.beats(now)
	v.tell(now)
	v.take()
	v.follow(ctx)
	v.review()
}

// OnDismount ends what OnMount began. The document has its title back.
func (v *view[T]) OnDismount() {
	v.stops.stop()
	if v.reader == nil {
		return // it has not begun
	}
	if v.title != "" {
		setTitle(v.Frame.Title)
	}
	v.shown.Attend(false)
	v.reader = nil
}

// OnUpdate runs when the page has given the view something else to show.
func (v *view[T]) OnUpdate(ctx app.Context) {
	if v.reader == nil {
		return
	}
	if v.List != v.shown {
		v.shown.Attend(false)
		v.take()
		ctx.Defer(func(app.Context) { v.toEnd("instant") })
	}
	if n := len(v.List.Pending()); n > v.begun {
		ctx.Defer(func(app.Context) { v.toEnd("instant") }) // to see one's own words
	}
	v.review()
}

// take begins to attend to a list.
func (v *view[T]) take() {
	v.shown = v.List
	v.voice = announcer{one: v.Frame.one(), many: v.Frame.many(), told: v.List.News().Count, free: v.voice.free, odd: v.voice.odd}
}

// review does what follows from any change.
func (v *view[T]) review() {
	if v.reader == nil {
		return
	}
	v.begun = len(v.List.Pending())
	v.List.Attend(!v.reader.away && !v.reader.hidden || v.Frame.Status == Loading)
	v.speak()
	v.retitle()
}

// speak makes a sentence for those who listen, if it is time for one.
func (v *view[T]) speak() {
	news := v.List.News()
	if v.Frame.Status == Loading {
		v.voice.told = news.Count
	}
	if v.reader.hidden {
		return
	}
	words := ""
	if row, ok := v.Row.(Speaker[T]); ok && news.Count > v.voice.told {
		words = row.Say(news.Last)
	}
	sentence, due := v.voice.next(news.Count, words, v.Frame.clock().Now())
	if sentence != "" {
		v.sentence = sentence
	}
	v.reader.pulse.set(due)
}

func (v *view[T]) retitle() {
	if v.Frame.Title == "" {
		return
	}
	title := v.Frame.Title
	if n := v.List.Unread() + v.List.Held(); n > 0 {
		title = "(" + number(n) + ") " + title
	}
	if title != v.title && (v.title != "" || title != v.Frame.Title) {
		setTitle(title)
		v.title = title
	}
}

func setTitle(title string) { app.Window().Get("document").Set("title", title) }

func (v *view[T]) tell(now time.Time) { v.now = MomentAt(now) }

func (v *view[T]) togglePause(app.Context, app.Event) {
	if v.List.Paused() {
		v.List.Resume()
	} else {
		v.List.Pause()
	}
	v.review()
}

// jump goes to the end. The pill that was pressed will be gone, and the focus
// with it: the log takes it.
func (v *view[T]) jump(app.Context, app.Event) {
	focus(v.reader.log)
	behaviour := "smooth"
	if app.Window().Call("matchMedia", "(prefers-reduced-motion: reduce)").Get("matches").Bool() {
		behaviour = "instant"
	}
	v.toEnd(behaviour)
}

func focus(log app.Value) { log.Call("focus", map[string]any{"preventScroll": true}) }

func (v *view[T]) toEnd(behaviour string) {
	if v.reader != nil {
		v.reader.log.Call("scrollTo", map[string]any{"top": 0, "behavior": behaviour})
	}
}

// follow listens to the browser. The callbacks look and poke; they dispatch only
// when something has changed, since a dispatch draws all that is around the view.
func (v *view[T]) follow(ctx app.Context) {
	r, document := v.reader, app.Window().Get("document")
	wasAway, wasHidden := r.away, r.hidden
	v.stops.listen(r.log, "scroll", func(app.Value) {
		if away := isAway(r.log); away != wasAway {
			wasAway = away
			ctx.Dispatch(func(app.Context) { r.away = away; v.review() })
		}
	})
	v.stops.listen(document, "visibilitychange", func(app.Value) {
		if hidden := isHidden(); hidden != wasHidden {
			wasHidden = hidden
			ctx.Dispatch(func(app.Context) { r.hidden = hidden; v.review() })
		}
	})
	v.stops.listen(r.log, "keydown", func(e app.Value) { walk(r.log, e) })
	v.stops = append(v.stops, v.Frame.clock().Watch(func(now time.Time) {
		if r.pulse.beats(now) {
			ctx.Dispatch(func(app.Context) { v.tell(now); v.review() })
		}
	}))
}

func isAway(log app.Value) bool { return math.Abs(log.Get("scrollTop").Float()) > edge }

func isHidden() bool {
	return app.Window().Get("document").Get("visibilityState").String() == "hidden"
}

// A pulse says when a view must look at the clock: when the minute changes, and
// when a sentence is due. It is safe for concurrent use.
type pulse struct {
	mu     sync.Mutex
	minute int64
	due    time.Time
}

func (p *pulse) set(due time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.due = due
}

func (p *pulse) beats(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	beats := minutes(now) != p.minute || !p.due.IsZero() && !now.Before(p.due)
	if beats {
		p.minute, p.due = minutes(now), time.Time{}
	}
	return beats
}
