package livelist

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// A Row draws items. It is a value, not a function, so that two can be compared:
// what a drawing depends on besides the item belongs in the Row's exported
// fields, and a list given a different Row is drawn anew.
type Row[T any] interface {
	Draw(item T) app.UI
}

// View draws the chunks, each as a component of its own that is redrawn only
// when its items or the row change. The result goes into the Body of the element
// that is the list.
func View[T any](chunks []Chunk[T], row Row[T]) []app.UI {
	views := make([]app.UI, len(chunks))
	for i, c := range chunks {
		views[i] = &chunkView[T]{Items: c, Row: row}
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
}

// Render draws the items in a block without meaning of its own.
func (v *chunkView[T]) Render() app.UI {
	rows := make([]app.UI, len(v.Items))
	for i, item := range v.Items {
		rows[i] = v.Row.Draw(item)
	}
	return app.Div().Class("chunk").Body(rows...)
}
