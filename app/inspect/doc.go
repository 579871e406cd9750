// Package inspect draws a panel that shows developers what the event connection of a
// page (a source.Source) does: state and transport, lag, events by type and rate,
// the last frames with their payloads, and why connections ended. Its buttons drop
// the connection, make a gap and take the source offline.
//
//	src := source.New(...)
//	record := inspect.Watch(src) // before Start
//	...
//	&inspect.Panel{Source: src, Record: record}
//
// The panel opens by Ctrl+Alt+I, or if the page's address has ?inspect. A program
// that does not import this package contains none of it.
//
// # Promises
//
//   - Bounds: a record keeps the last 100 frames, 4 KiB of each, and the last 50
//     events of connections: about 400 KiB, however long the page is open.
//   - Watching does not change what a source does. Only the buttons do, and they
//     do what a network could do as well.
//   - Payloads are shown as text. They are kept in the page's memory, and nowhere
//     else.
//   - A [Record] is safe for concurrent use and never blocks its source for longer
//     than a copy. It has no goroutine; it ends with its source.
//
// # Look
//
// The panel's style sheet is part of the one that package goapp serves; see there
// for the custom properties that set its colours.
package inspect
