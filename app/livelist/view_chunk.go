package livelist

import (
	"slices"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
)

// relativeChunks is how many of the last chunks show times as minutes ago, and may
// be redrawn each minute. It bounds the cost of a minute, however many items have
// arrived in the last hour.
const relativeChunks = 20

// A blocksLook is how blocks are drawn. Two that are equal draw the same.
type blocksLook[T any] struct {
	Row        Row[T]
	Now, Today Moment
	First      int // the slot of the first chunk that shows times as minutes ago
	Divider    place
	Words      *Words
}

// blocks draws each block as a component of its own. Those for older items are in one,
// which is empty until there are some.
func (v *view[T]) blocks() []app.UI {
	blocks, now := v.List.Blocks(), v.rowNow()
	look := blocksLook[T]{v.Row, now, now.startOfDay(), firstRecent(blocks), v.List.dividerIn(blocks), v.Options.words()}
	reserved := v.List.window.reserved / blockSize
	return append([]app.UI{&olderView[T]{Blocks: blocks[:reserved], Look: look}}, look.draw(blocks, reserved)...)
}

// draw draws the blocks from one on.
func (l blocksLook[T]) draw(blocks []Block[T], from int) []app.UI {
	views := make([]app.UI, len(blocks)-from)
	for i := from; i < len(blocks); i++ {
		b := blocks[i]
		child := &blockView[T]{Chunks: b, Row: l.Row, Today: l.Today, Divider: nowhere, Recent: len(b), Words: l.Words}
		if recent := l.First - i*blockSize; recent < len(b) {
			child.Now, child.Recent = l.Now, max(0, recent)
		}
		if i == l.Divider.block {
			child.Divider = l.Divider
		}
		views[i-from] = child
	}
	return views
}

// An olderView draws the blocks for older items.
type olderView[T any] struct {
	app.Compo
	Blocks []Block[T]
	Look   blocksLook[T]
}

// Render draws nothing while there are no older items.
func (v *olderView[T]) Render() app.UI {
	box := app.Elem("div").Class("livelist-reserved")
	for _, b := range v.Blocks {
		if slices.ContainsFunc(b, func(c Chunk[T]) bool { return len(c) > 0 }) {
			return box.Body(v.Look.draw(v.Blocks, 0)...)
		}
	}
	return box
}

// firstRecent returns the slot of the first chunk that shows times as minutes ago.
func firstRecent[T any](blocks []Block[T]) int {
	n := len(blocks)
	return (n-1)*blockSize + len(blocks[n-1]) - relativeChunks
}

// rowNow returns the Moment for rows that may be recent.
func (v *view[T]) rowNow() Moment {
	if _, dated := v.Row.(Dated[T]); !dated {
		return Moment{}.In(v.Options.Words)
	}
	return v.now.In(v.Options.Words)
}

// A place is the position of an item in the blocks.
type place struct{ block, chunk, item int }

var nowhere = place{-1, -1, -1}

// dividerIn returns the place of the divider in the blocks that are shown.
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

// isBlank reports whether the list shows nothing.
func (l *List[T]) isBlank() bool {
	for range l.All() {
		return false
	}
	return len(l.pending) == 0
}

// A blockView draws the chunks of a block. When the parent is redrawn, go-app
// compares the exported fields, slices by identity first, and skips the component
// if they are equal.
type blockView[T any] struct {
	app.Compo
	Chunks     Block[T]
	Row        Row[T]
	Now, Today Moment
	Recent     int   // from this chunk on, times may be shown as minutes ago
	Divider    place // if it is in this block
	Words      *Words
}

// Render draws the chunks. A chunk whose newest row is older than MaxRelative gets
// a Moment that stays the same until midnight.
func (v *blockView[T]) Render() app.UI {
	views := make([]app.UI, len(v.Chunks))
	for i, c := range v.Chunks {
		child := &chunkView[T]{Items: c, Row: v.Row, Now: v.Today, Words: v.Words}
		if i >= v.Recent && v.isRecent(c) {
			child.Now = v.Now
		}
		if i == v.Divider.chunk {
			child.DividerAt = v.Divider.item + 1
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
	Items     Chunk[T]
	Row       Row[T]
	Now       Moment
	DividerAt int // the divider is before this item, counted from 1; 0 for none
	Words     *Words
}

// Render draws the rows in an element without a role.
func (v *chunkView[T]) Render() app.UI {
	rows := make([]app.UI, 0, len(v.Items)+1)
	for i, item := range v.Items {
		if i+1 == v.DividerAt {
			rows = append(rows, app.Elem("div").Class(dividerClass).Role("separator").Aria("label", goapp.Attr(v.Words.Divider)).
				Body(app.Elem("span").Text(v.Words.Divider)))
		}
		rows = append(rows, v.Row.Draw(item, v.Now))
	}
	return app.Elem("div").Class("livelist-chunk").Body(rows...)
}

const dividerClass = "livelist-divider"

// A pendingView draws the user's items whose events have not arrived.
type pendingView[T any] struct {
	app.Compo
	Items []Pending[T]
	Row   Row[T]
	List  *List[T]
	Now   Moment
	Words *Words
}

// Render draws each pending item as a row, and below it its progress.
func (v *pendingView[T]) Render() app.UI {
	rows := make([]app.UI, len(v.Items))
	for i, p := range v.Items {
		rows[i] = app.Elem("div").Class("livelist-pending", p.class()).Body(
			v.Row.Draw(p.Item, v.Now),
			v.progress(p),
		)
	}
	return app.Elem("div").Class("livelist-chunk").Body(rows...)
}

func (p Pending[T]) class() string {
	switch {
	case p.Failure != "":
		return "livelist-failed"
	case p.Sent:
		return "livelist-sent"
	}
	return "livelist-sending"
}

func (v *pendingView[T]) progress(p Pending[T]) app.UI {
	switch {
	case p.Failure != "":
		return app.Elem("div").Class("livelist-progress").Body(
			append([]app.UI{app.Elem("span").Role("alert").Text(p.Failure)}, v.buttons(p.Item)...)...,
		)
	case p.Sent:
		return app.Elem("p").Class("livelist-progress").Text(v.Words.Sent)
	}
	return app.Elem("p").Class("livelist-progress").Text(v.Words.Sending)
}

// buttons draws those for a failed item, if the row is a [Retrier].
func (v *pendingView[T]) buttons(item T) []app.UI {
	row, ok := v.Row.(Retrier[T])
	if !ok {
		return nil
	}
	return []app.UI{v.button("retry", v.Words.Retry, item, row.Retry), v.button("discard", v.Words.Discard, item, row.Discard)}
}

// button draws a button for an item. Its scope has the key, since go-app would
// otherwise keep the handler of the item that was there before. The button
// disappears when it is pressed, and would take the focus with it, so the log gets
// the focus.
func (v *pendingView[T]) button(class, label string, item T, do func(app.Context, T)) app.UI {
	return app.Elem("button").Class("livelist-"+class).Attr("type", "button").Text(label).
		OnClick(func(ctx app.Context, _ app.Event) {
			focus(ctx.JSSrc().Call("closest", ".livelist-log"))
			do(ctx, item)
		}, app.EventScope(class, v.List.key(item)))
}
