// Package inspect shows a developer what a page's source does: its state and
// transport, how far it is behind, the events by type and rate, the last frames
// with their payloads, and why connections ended. Its buttons drop the
// connection, make a gap and take the source off the network.
//
//	src := source.New(...)
//	record := inspect.Watch(src) // before Start
//	...
//	&inspect.Panel{Source: src, Record: record}
//
// The panel opens by Ctrl+Alt+I, or if the page's address has ?inspect. A
// program that does not import this package holds nothing of it.
//
// # Promises
//
//   - Bounds: a record keeps the last 100 frames, 4 KiB of each, and the last 50
//     events of connections: about 400 KiB, however long the page is open.
//   - It looks and does not touch: a source that is watched behaves as it did. The
//     buttons alone change that, and only what a network could do as well.
//   - Payloads are shown as text. They are in the page's memory, and nowhere else.
//   - A [Record] is safe for concurrent use and never blocks its source for longer
//     than a copy. It has no goroutine; it ends with its source.
package inspect
