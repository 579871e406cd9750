// Package livelist shows a live list in a go-app page: items by key that events
// add, change and remove, with pending items, unread count, pause and scrolling.
//
//	list := livelist.New(livelist.Options[Message]{Key: func(m Message) string { return m.ID }})
//	live.On(page, chat.Posted, func(e event.Of[Message]) { list.Upsert(e.Value) })
//	...
//	livelist.Show(list, messageRow{}, livelist.ViewOptions{Label: "Messages"}) // in Render
//
// # Promises
//
//   - Order: items are in the order in which their keys first arrived, or in that
//     of [Options].Less. Another event with the same key replaces the item in its
//     place: no key is shown twice.
//   - Bounds: the list holds its limit of items and at most a chunk more, and
//     drops the oldest, a chunk of 25 at a time. What a pause holds back
//     has the same bound.
//   - Older items: [List.Prepend] adds them before the others, without drawing those
//     again, and does not count them as unread. What the user sees stays where it is.
//   - Sharing: a result of [List.Blocks] is never changed afterwards. A view
//     can compare two results by identity and redraw only what differs.
//   - Cost: to append, replace or remove an item copies a chunk and what lists it:
//     some 2 KB in a list of 10,000 as in one of 100.
//   - Pending items: what [List.SetPending] was given is shown, at the end. Neither
//     [List.Clear] nor the limit removes it. Whether the command's reply or the event
//     comes first, it is shown once. The list sends and keeps nothing: it takes what is
//     pending or has failed from the page's state (see app/live), or from your own code.
//   - Pause: between [List.Pause] and [List.Resume] nothing that arrives is shown,
//     and nothing is lost: afterwards the list is what it would have been.
//
// # Look
//
// The view's style sheet is part of the one that package goapp serves; see there
// for the custom properties that set its colours. The page styles its own rows.
//
// A List is for one goroutine, normally go-app's. It starts no other.
package livelist
