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
package inspect
