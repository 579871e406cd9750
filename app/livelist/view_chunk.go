package livelist

import (
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// relativeChunks is how many of the last chunks tell times as minutes ago, and
// may be drawn anew each minute. It bounds what a minute costs, whatever has been
// said in the last hour.
const relativeChunks = 20

// blocks draws each block as a component of its own.
func (v *view[T]) blocks() []app.UI {
	blocks := v.List.Blocks()
	views := make([]app.UI, len(blocks), len(blocks)+1)
	divider, now := v.List.dividerIn(blocks), v.rowNow()
	today, first := now.today(), firstRecent(blocks)
	for i, b := range blocks {
		child := &blockView[T]{Chunks: b, Row: v.Row, Today: today, Divider: nowhere, Recent: len(b)}
		if recent := first - i*blockSize; recent < len(b) {
			child.Now, child.Recent = now, max(0, recent)
		}
		if i == divider.block {
			child.Divider = divider
		}
		views[i] = child
	}
	return views
}

// firstRecent returns the slot of the first chunk that tells times as minutes ago.
func firstRecent[T any](blocks []Block[T]) int {
	n := len(blocks)
	if n == 0 {
		return 0
	}
	return (n-1)*blockSize + len(blocks[n-1]) - relativeChunks
}

// rowNow is the Moment for rows that may be new.
func (v *view[T]) rowNow() Moment {
	if _, dated := v.Row.(Dated[T]); !dated {
		return Moment{}
	}
	return v.now
}

// A place is where an item stands.
type place struct{ block, chunk, item int }

var nowhere = place{-1, -1, -1}

// dividerIn returns the place of the divider in what is shown.
func (l *List[T]) dividerIn(blocks []Block[T]) place {
	key := l.Divider()
	if key == "" {
		return nowhere
	}
	if slot, at, ok := l.window.find(key); ok && l.pause == nil {
		return place{slot / blockSize, slot % blockSize, at}
	}
	for i, b := range blocks {
		for j, c := range b {
			if at := slices.IndexFunc(c, func(item T) bool { return l.key(item) == key }); at >= 0 {
				return place{i, j, at}
			}
		}
	}
	return nowhere // held back
}

// isBlank reports whether nothing is shown.
func (l *List[T]) isBlank() bool {
	for range l.All() {
		return false
	}
	return len(l.pending) == 0
}

// A blockView draws some chunks. go-app compares the exported fields when the
// parent is drawn anew, slices by identity first, and leaves the component alone
// if they are equal.
type blockView[T any] struct {
	app.Compo
	Chunks     Block[T]
	Row        Row[T]
	Now, Today Moment
	Recent     int   // from this chunk on, times may be told as minutes ago
	Divider    place // if it is in this block
}

// Render draws the chunks. A chunk whose newest row no longer tells its time as
// minutes ago is drawn for a Moment that stays the same until midnight.
func (v *blockView[T]) Render() app.UI {
	views := make([]app.UI, len(v.Chunks))
	for i, c := range v.Chunks {
		child := &chunkView[T]{Items: c, Row: v.Row, Now: v.Today}
		if i >= v.Recent && v.isRecent(c) {
			child.Now = v.Now
		}
		if i == v.Divider.chunk {
			child.Mark = v.Divider.item + 1
		}
		views[i] = child
	}
	return app.Elem("div").Class("livelist-block").Body(views...)
}

func (v *blockView[T]) isRecent(c Chunk[T]) bool {
	row, dated := v.Row.(Dated[T])
	return dated && len(c) > 0 && !v.Now.isPast(row.Time(c[len(c)-1]))
}

// A chunkView draws one chunk.
type chunkView[T any] struct {
	app.Compo
	Items Chunk[T]
	Row   Row[T]
	Now   Moment
	Mark  int // the divider is before this item, counted from 1; 0 for none
}

// Render draws the items in a block without meaning of its own.
func (v *chunkView[T]) Render() app.UI {
	rows := make([]app.UI, 0, len(v.Items)+1)
	for i, item := range v.Items {
		if i+1 == v.Mark {
			rows = append(rows, app.Elem("div").Class(dividerClass).Role("separator").Aria("label", "New").
				Body(app.Elem("span").Text("New")))
		}
		rows = append(rows, v.Row.Draw(item, v.Now))
	}
	return app.Elem("div").Class("livelist-chunk").Body(rows...)
}

const dividerClass = "livelist-divider"

// A pendingView draws what the reader has made and the stream has not told of.
type pendingView[T any] struct {
	app.Compo
	Items []Pending[T]
	Row   Row[T]
	List  *List[T]
	Now   Moment
}

// Render draws each pending item as a row is, and below it how far it has come.
func (v *pendingView[T]) Render() app.UI {
	rows := make([]app.UI, len(v.Items))
	for i, p := range v.Items {
		rows[i] = app.Elem("div").Class("livelist-pending", "livelist-"+p.Progress.String()).Body(
			v.Row.Draw(p.Item, v.Now),
			v.progress(p),
		)
	}
	return app.Elem("div").Class("livelist-chunk").Body(rows...)
}

func (v *pendingView[T]) progress(p Pending[T]) app.UI {
	switch p.Progress {
	case Sending:
		return app.Elem("p").Class("livelist-progress").Text("Sending")
	case Sent:
		return app.Elem("p").Class("livelist-progress").Text("Sent")
	}
	key := v.List.key(p.Item)
	_, sends := v.Row.(Sender[T])
	return app.Elem("div").Class("livelist-progress").Body(
		app.Elem("span").Role("alert").Text(p.failure()),
		app.If(sends, func() app.UI { return v.button("Retry", key, v.retry) }),
		v.button("Discard", key, v.discard),
	)
}

func (p Pending[T]) failure() string {
	if p.Reason == "" {
		return "Not sent."
	}
	return "Not sent: " + p.Reason
}

// button draws a button for a key. Its scope is the key's: go-app would keep the
// handler of the item that was there before. The button will be gone when it has
// been pressed, and the focus with it: the log takes it.
func (v *pendingView[T]) button(label, key string, do func(app.Context, string)) app.UI {
	return app.Elem("button").Class("livelist-"+strings.ToLower(label)).Attr("type", "button").Text(label).
		OnClick(func(ctx app.Context, _ app.Event) {
			focus(ctx.JSSrc().Call("closest", ".livelist-log"))
			do(ctx, key)
		}, app.EventScope(label, key))
}

func (v *pendingView[T]) retry(ctx app.Context, key string) {
	if item, ok := v.List.Retry(key); ok {
		v.Row.(Sender[T]).Send(ctx, item)
	}
}

func (v *pendingView[T]) discard(_ app.Context, key string) { v.List.Discard(key) }
