package livelist

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/attr"
)

// A Row draws items. It is a value, not a function, so that two can be compared:
// what a drawing depends on besides the item belongs in the Row, and a list that
// is given a different Row is drawn anew. A Row may hold a pointer to its page, for
// the handlers of its buttons.
//
// Draw returns one element. People's texts belong in text nodes; those in
// attributes go through [attr.Value], since go-app does not escape attributes on
// the server. A handler in a row needs app.EventScope with the item's key: go-app
// compares handlers by their code alone, and would keep that of another item.
// Components with an OnMount do not belong in rows: go-app freezes for ever when
// more than 4,096 are mounted at once.
type Row[T any] interface {
	Draw(item T, now Moment) app.UI
}

// A Dated row knows when its items were made. Without it, no [Moment] but the zero
// one reaches Draw: every row would have to be drawn anew each minute.
type Dated[T any] interface {
	Time(item T) time.Time
}

// A Speaker has words for an item, which complete "3 new messages, the last " for
// those who listen to the page: "from Ann: hello". Without it they are told the
// number.
type Speaker[T any] interface {
	Say(item T) string
}

// A Sender can send a failed item again, under the same key. Without it there is
// no button for it. The list counts it as being sent already; how it ends goes to
// [List.Confirm] or [List.Fail]. Send is called on go-app's goroutine and must not
// block it.
type Sender[T any] interface {
	Send(ctx app.Context, item T)
}

// Show draws a list. It belongs in the Render of the component whose context
// dispatches what changes the list: that draws the view as well, and a chunk that
// has not changed is left alone.
//
// A list is shown at one place at a time. The view attends to it, pauses and
// resumes it, and retries and discards what failed.
func Show[T any](list *List[T], row Row[T], frame Frame) app.UI {
	return &view[T]{List: list, Version: list.Version(), Row: row, Frame: frame}
}

// A view draws a list and its frame. Its exported fields are what go-app
// compares to see whether it must be drawn anew.
type view[T any] struct {
	app.Compo
	List    *List[T]
	Version uint64 // tells what the pointer cannot
	Row     Row[T]
	Frame   Frame

	now      Moment
	voice    announcer
	sentence string
	title    string  // the document's, if the view has set it
	reader   *reader // nil until the view is mounted
	stops    stops
	shown    *List[T] // the one that is attended to
	begun    int      // pending items that have been seen
}

// Render draws the frame. The log is not a live region of its own: a screen
// reader would read every row of a burst. The announcer speaks for it.
func (v *view[T]) Render() app.UI {
	return app.Elem("section").Class("livelist", v.Frame.Status.String(), v.motion()).Body(
		app.Elem("div").Class("livelist-bar").Body(
			app.Elem("p").Class("livelist-status").Role("status").Text(v.Frame.words()),
			app.If(!v.Frame.Steady, v.pauseButton),
		),
		app.Elem("div").Class("livelist-middle").Body(
			v.log(),
			app.If(v.isEmpty(), func() app.UI { return app.Elem("p").Class("livelist-empty").Text(v.Frame.empty()) }),
			app.If(v.reader != nil && v.reader.away, v.pill),
		),
		app.Elem("p").Class("livelist-announcer").Role("status").Aria("live", "polite").Text(v.sentence),
	)
}

// motion is a class that says whether the buttons work: what the server draws
// does not, and neither does a page without scripts.
func (v *view[T]) motion() string {
	if v.reader == nil {
		return "livelist-still"
	}
	return "livelist-moving"
}

func (v *view[T]) isEmpty() bool {
	return v.Frame.Status == Ready && v.List.isBlank()
}

// log draws the scroller, which runs backwards and so keeps its end in sight, and
// in it the items, which run forwards.
func (v *view[T]) log() app.UI {
	log := app.Elem("div").Class("livelist-log").Role("log").Aria("live", "off").
		Aria("label", attr.Value(v.Frame.label())).TabIndex(0)
	if v.Frame.ID != "" {
		log = log.ID(attr.Value(v.Frame.ID))
	}
	return log.Body(app.Elem("div").Class("livelist-items").Body(append(v.blocks(),
		&pendingView[T]{Items: v.List.Pending(), Row: v.Row, List: v.List, Now: v.rowNow()})...))
}

func (v *view[T]) pauseButton() app.UI {
	label := "Pause"
	if v.List.Paused() {
		label = "Resume"
	}
	if n := v.List.Held(); n > 0 {
		label += " (" + number(n) + " new)"
	}
	return app.Elem("button").Class("livelist-pause").Attr("type", "button").Text(label).OnClick(v.togglePause)
}

func (v *view[T]) pill() app.UI {
	label := "Newest"
	if n := v.List.Unread(); n > 0 {
		label = number(n) + " new"
	}
	return app.Elem("button").Class("livelist-pill").Attr("type", "button").Text(label).OnClick(v.jump)
}
