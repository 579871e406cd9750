// Package livelist is a keyed list that events change while a page shows it, and
// the view that draws it.
//
//	list := livelist.New(livelist.Options[Message]{Key: func(m Message) string { return m.ID }})
//	source.On(src, chat.Posted, func(e event.Of[Message]) { list.Upsert(e.Value) })
//	...
//	livelist.Show(list, messageRow{}, livelist.Frame{Label: "Messages"}) // in Render
//
// # Promises
//
//   - Order: items stand in the order in which their keys first came, or in that
//     of [Options].Less. Another event of a key replaces the item where it
//     stands: no key is shown twice.
//   - Bounds: the list holds its limit of items and at most a chunk more, and
//     drops the oldest, a chunk of 25 at a time. What a pause holds back
//     has the same bound.
//   - Sharing: what [List.Blocks] returned is never changed afterwards. A view
//     can compare two results by identity and redraw only what differs.
//   - Cost: to append, replace or remove an item copies a chunk and what lists it:
//     some 2 KB in a list of 10,000 as in one of 100.
//   - The reader's own: an item that [List.Begin] added is shown, at the end, until
//     its event comes, or it is discarded. Neither [List.Clear] nor the limit
//     takes it away. Whichever comes first, the command's reply or the event, it
//     is shown once.
//   - Pause: between [List.Pause] and [List.Resume] nothing that arrives is shown,
//     and nothing is lost: afterwards the list is what it would have been.
//
// A List is for one goroutine, normally the page's. It starts no other.
package livelist
