package livelist

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A Row draws items. It is a value, not a function, so that two can be compared:
// what a drawing depends on besides the item belongs in the Row, and a list that
// is given a different Row is drawn anew. A Row may hold a pointer to its page, for
// the handlers of its buttons.
//
// What Draw returns is one element. People's texts belong into text nodes; those
// in attributes go through attr.Value, since go-app does not escape attributes on
// the server. A handler in a row needs app.EventScope with the item's key: go-app
// compares handlers by their code only, and would keep the one of another item.
type Row[T any] interface {
	Draw(item T, now Moment) app.UI
}

// A Dated row knows when its items were made. Without it no [Moment] but the zero
// one reaches Draw, since every row would be drawn anew each minute.
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
// no button for it. The list has made it one that is being sent already; the
// outcome goes to [List.Confirm] or [List.Fail].
type Sender[T any] interface {
	Send(ctx app.Context, item T)
}

// A Status is what a page knows about its list.
type Status uint8

// The statuses. The words for each are in Frame.
const (
	Ready   Status = iota // what is shown is what is known
	Loading               // nothing has come yet
	Stale                 // it may have changed, and one cannot tell at the moment
	Broken                // there is an error
)

// String returns the status in lower case, fit for a CSS class.
func (s Status) String() string {
	return [...]string{"ready", "loading", "stale", "broken"}[min(s, Broken)]
}

// A Frame is what is around the items. The zero Frame works.
type Frame struct {
	ID    string // of the log; none if empty
	Label string // its name for those who do not see it, "List" if empty

	Status Status
	Words  string // about a Status other than Ready, instead of the view's own
	Empty  string // instead of "There is nothing here yet."

	// One and Many are what an item is called, "item" and "items" if empty.
	One, Many string

	// Title is the document's, which becomes "(3) Title" while 3 items are
	// unread or held back. If it is empty, the document's title is left alone.
	Title string

	// Steady leaves out the button that pauses the list. WCAG 2.2.2 asks for one
	// wherever something moves by itself for more than five seconds.
	Steady bool

	Clock Clock // PageClock if nil
}

// Show draws a list. It belongs into the Render of a component whose context
// dispatches what changes the list: the view is drawn with it, and redraws no
// chunk that has not changed.
//
// The view is for one place: a list is shown once at a time. It attends to the
// list, pauses and resumes it, and retries and discards what failed.
func Show[T any](list *List[T], row Row[T], frame Frame) app.UI {
	return &view[T]{List: list, Version: list.Version(), Row: row, Frame: frame}
}

// A view draws a list and its frame. Exported fields are what go-app compares.
type view[T any] struct {
	app.Compo
	List    *List[T]
	Version uint64 // List is always the same pointer
	Row     Row[T]
	Frame   Frame
}

// Render draws the frame.
func (v *view[T]) Render() app.UI {
	return app.Section().Class("livelist").Body(
		app.Div().Class("livelist-scroller").Role("log").TabIndex(0).Body(
			app.Div().Class("livelist-items").Body(v.chunks()...),
		),
	)
}

func (v *view[T]) chunks() []app.UI {
	chunks := v.List.Chunks()
	views := make([]app.UI, len(chunks))
	for i, c := range chunks {
		views[i] = &chunkView[T]{Items: c, Row: v.Row}
	}
	return views
}

// A chunkView draws one chunk. go-app compares the exported fields when the
// parent is drawn anew, slices by identity first, and leaves the component alone
// if they are equal.
type chunkView[T any] struct {
	app.Compo
	Items Chunk[T]
	Row   Row[T]
	Now   Moment
}

// Render draws the items in a block without meaning of its own.
func (v *chunkView[T]) Render() app.UI {
	rows := make([]app.UI, len(v.Items))
	for i, item := range v.Items {
		rows[i] = v.Row.Draw(item, v.Now)
	}
	return app.Div().Class("livelist-chunk").Body(rows...)
}
