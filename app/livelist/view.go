package livelist

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
)

// A Row draws the items of a list. It is a value and not a function, so that two
// can be compared: what a row shows besides its item belongs in fields of the Row,
// and a list is redrawn when it is given a different Row. A Row may hold a pointer
// to its page, for the handlers of its buttons.
//
// Draw returns one element. Texts from users belong in text nodes; those in
// attributes go through [goapp.Attr], since go-app does not escape attributes on
// the server. A handler in a row needs app.EventScope with the item's key: go-app
// compares handlers by their code alone, and would keep the handler of another
// item. Components with an OnMount do not belong in rows: go-app blocks for ever
// when more than 4,096 are mounted at once.
type Row[T any] interface {
	Draw(item T, now Moment) app.UI
}

// A Dated row knows when its items were created, and so shows relative times. If a
// row is not Dated, Draw receives the zero [Moment], so that it need not be redrawn
// each minute.
type Dated[T any] interface {
	Time(item T) time.Time
}

// An Announcer has a text for an item, which is announced to screen readers after
// "3 new messages, the last ": "from Ann: hello", for example. Without it only the
// number is announced.
type Announcer[T any] interface {
	Announcement(item T) string
}

// A Retrier can send a failed item again, under the same key, or forget it. Without it
// failed items have no buttons. What has become of the item goes to [List.SetPending].
// The methods are called on go-app's goroutine and must not block it.
type Retrier[T any] interface {
	Retry(ctx app.Context, item T)
	Discard(ctx app.Context, item T)
}

// Show draws a list. Call it in the Render of the component whose context
// dispatches the changes of the list: that redraws the view as well, except for
// chunks that have not changed.
//
// A list must be shown in one place at a time. The view calls the list's SetAtEnd,
// Pause and Resume.
func Show[T any](list *List[T], row Row[T], opts ViewOptions) app.UI {
	return &view[T]{List: list, Version: list.Version(), Row: row, Options: opts}
}

// A view draws a list and what is around it. go-app compares its exported fields
// to decide whether to redraw it.
type view[T any] struct {
	app.Compo
	List    *List[T]
	Version uint64 // changes where the pointer does not
	Row     Row[T]
	Options ViewOptions

	now         Moment
	announcer   announcements
	sentence    string
	title       string  // the document's, if the view has set it
	reader      *reader // nil until the view is mounted
	cleanups    cleanups
	shown       *List[T] // the list that the view is attached to
	pendingSeen int      // how many pending items have been drawn
}

// Render draws the view. The log is not a live region: a screen reader would read
// every row of a burst. The announcer is one instead.
func (v *view[T]) Render() app.UI {
	return app.Elem("section").Class("livelist", v.Options.Status.String(), v.scriptClass()).Body(
		app.Elem("div").Class("livelist-bar").Body(
			app.Elem("p").Class("livelist-status").Role("status").Text(v.Options.statusText()),
			app.If(!v.Options.NoPauseButton, v.pauseButton),
		),
		app.Elem("div").Class("livelist-middle").Body(
			v.log(),
			app.If(v.isEmpty(), func() app.UI { return app.Elem("p").Class("livelist-empty").Text(v.Options.emptyText()) }),
			app.If(v.reader != nil && v.reader.away, v.newestButton),
		),
		app.Elem("p").Class("livelist-announcer").Role("status").Aria("live", "polite").Text(v.sentence),
	)
}

// scriptClass returns a class that says whether the buttons work. They do not in
// the server's HTML, and in a page without scripts.
func (v *view[T]) scriptClass() string {
	if v.reader == nil {
		return "livelist-still"
	}
	return "livelist-moving"
}

func (v *view[T]) isEmpty() bool {
	return v.Options.Status == Ready && v.List.isBlank()
}

// log draws the scroller. It is reversed, which keeps its end in view, and its
// content is reversed once more.
func (v *view[T]) log() app.UI {
	log := app.Elem("div").Class("livelist-log").Role("log").Aria("live", "off").
		Aria("label", goapp.Attr(v.Options.label())).TabIndex(0)
	if v.Options.ID != "" {
		log = log.ID(goapp.Attr(v.Options.ID))
	}
	return log.Body(app.Elem("div").Class("livelist-items").Body(append(append([]app.UI{v.olderLine()}, v.blocks()...),
		&pendingView[T]{Items: v.List.Pending(), Row: v.Row, List: v.List, Now: v.rowNow(), Words: v.Options.words()})...))
}

func (v *view[T]) pauseButton() app.UI {
	w := v.Options.words()
	label := w.Pause
	if v.List.Paused() {
		label = w.Resume
	}
	if n := v.List.Held(); n > 0 {
		label += w.Held(number(n))
	}
	return app.Elem("button").Class("livelist-pause").Attr("type", "button").Text(label).OnClick(v.togglePause)
}

func (v *view[T]) newestButton() app.UI {
	w := v.Options.words()
	label := w.Newest
	if n := v.List.Unread(); n > 0 {
		label = w.Unread(number(n))
	}
	return app.Elem("button").Class("livelist-pill").Attr("type", "button").Text(label).OnClick(v.jump)
}
