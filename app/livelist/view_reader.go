package livelist

import (
	"math"
	"sync"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// edge is the distance from the end, in pixels, up to which the user counts as
// being at the end.
const edge = 48

// A reader is the browser's side of a mounted view: scroll position, visibility of
// the page, keys and time.
type reader struct {
	log      app.Value
	away     bool // from the end
	near     bool // the user has come near the beginning; loadOlder looks whether that is so still
	hidden   bool // the page
	schedule schedule
}

// OnMount starts the view in the browser, after the browser's current task: until
// then the document is what the server drew. go-app draws the next frame in the
// same task if the page takes long to mount.
func (v *view[T]) OnMount(ctx app.Context) {
	v.cleanups.later(func() { ctx.Dispatch(v.start) })
}

func (v *view[T]) start(ctx app.Context) {
	v.reader = &reader{log: ctx.JSSrc().Call("querySelector", ".livelist-log"), hidden: isHidden()}
	now := v.Options.clock().Now()
	v.reader.schedule.isDue(now)
	v.setNow(now)
	v.switchList()
	v.listen(ctx)
	v.refresh()
}

// OnDismount ends what OnMount began, and restores the document's title.
func (v *view[T]) OnDismount() {
	v.cleanups.run()
	if v.reader == nil {
		return // it has not begun
	}
	if v.title != "" {
		setTitle(v.Options.Title)
	}
	v.shown.SetAtEnd(false)
	v.reader = nil
}

// OnUpdate runs when the page has given the view another list, row or options.
func (v *view[T]) OnUpdate(ctx app.Context) {
	if v.reader == nil {
		return
	}
	if v.List != v.shown {
		v.shown.SetAtEnd(false)
		v.switchList()
		ctx.Defer(func(app.Context) { v.toEnd("instant") })
	}
	if n := len(v.List.Pending()); n > v.pendingSeen {
		ctx.Defer(func(app.Context) { v.toEnd("instant") }) // to show the user's new item
	}
	if v.reader.near {
		ctx.Defer(v.loadOlder) // if what was added does not reach a screen further
	}
	v.refresh()
}

// switchList attaches the view to its List.
func (v *view[T]) switchList() {
	v.shown = v.List
	v.announcer = announcements{words: v.Options.words(), one: v.Options.one(), many: v.Options.many(), announced: v.List.Arrivals().Count, nextAt: v.announcer.nextAt, alternate: v.announcer.alternate}
}

// refresh updates the list's unread state, the announcement and the title after
// any change.
func (v *view[T]) refresh() {
	if v.reader == nil {
		return
	}
	v.pendingSeen = len(v.List.Pending())
	v.List.SetAtEnd(!v.reader.away && !v.reader.hidden || v.Options.Status == Loading)
	v.announce()
	v.updateTitle()
}

// announce sets the next announcement for screen readers, if one is due.
func (v *view[T]) announce() {
	arrivals := v.List.Arrivals()
	if v.Options.Status == Loading {
		v.announcer.announced = arrivals.Count
	}
	if v.reader.hidden {
		return
	}
	words := ""
	if row, ok := v.Row.(Announcer[T]); ok && arrivals.Count > v.announcer.announced {
		words = row.Announcement(arrivals.Last)
	}
	sentence, due := v.announcer.next(arrivals.Count, words, v.Options.clock().Now())
	if sentence != "" {
		v.sentence = sentence
	}
	v.reader.schedule.setDue(due)
}

func (v *view[T]) updateTitle() {
	if v.Options.Title == "" {
		return
	}
	title := v.Options.Title
	if n := v.List.Unread() + v.List.Held(); n > 0 {
		title = "(" + number(n) + ") " + title
	}
	if title != v.title && (v.title != "" || title != v.Options.Title) {
		setTitle(title)
		v.title = title
	}
}

func setTitle(title string) { app.Window().Get("document").Set("title", title) }

func (v *view[T]) setNow(now time.Time) { v.now = MomentAt(now) }

func (v *view[T]) togglePause(app.Context, app.Event) {
	if v.List.Paused() {
		v.List.Resume()
	} else {
		v.List.Pause()
	}
	v.refresh()
}

// jump scrolls to the end. The button that was pressed disappears, and would take
// the focus with it, so the log gets the focus.
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

// listen subscribes to the browser's events. The callbacks dispatch only when
// something has changed, since a dispatch redraws everything around the view.
func (v *view[T]) listen(ctx app.Context) {
	r, document := v.reader, app.Window().Get("document")
	wasAway, wasHidden := r.away, r.hidden
	v.cleanups.listen(r.log, "scroll", func(app.Value) {
		away, near := isAway(r.log), isNear(r.log)
		if away != wasAway || near && !r.near {
			wasAway = away
			ctx.Dispatch(func(ctx app.Context) { r.away, r.near = away, r.near || near; v.refresh(); v.loadOlder(ctx) })
		}
	})
	v.cleanups.listen(document, "visibilitychange", func(app.Value) {
		if hidden := isHidden(); hidden != wasHidden {
			wasHidden = hidden
			ctx.Dispatch(func(app.Context) { r.hidden = hidden; v.refresh() })
		}
	})
	v.cleanups.listen(r.log, "keydown", func(e app.Value) { moveFocus(r.log, e) })
	v.cleanups = append(v.cleanups, v.Options.clock().Watch(func(now time.Time) {
		if r.schedule.isDue(now) {
			ctx.Dispatch(func(app.Context) { v.setNow(now); v.refresh() })
		}
	}))
}

func isAway(log app.Value) bool { return math.Abs(log.Get("scrollTop").Float()) > edge }

func isHidden() bool {
	return app.Window().Get("document").Get("visibilityState").String() == "hidden"
}

// A schedule says when a view must be updated by the clock: when the minute
// changes, and when an announcement is due. It is safe for concurrent use.
type schedule struct {
	mu     sync.Mutex
	minute int64
	due    time.Time
}

func (p *schedule) setDue(due time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.due = due
}

// isDue reports whether an update is due, once for each.
func (p *schedule) isDue(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	due := minutes(now) != p.minute || !p.due.IsZero() && !now.Before(p.due)
	if due {
		p.minute, p.due = minutes(now), time.Time{}
	}
	return due
}
