// Package event defines typed events, which a server publishes to a log and pages
// receive.
//
// An event type is defined once, as a package variable, and compiled into both
// halves of a program:
//
//	var Posted = event.Define[Message]("chat.posted")
//
// The server publishes with it, the page decodes with it, and neither compiles
// when the payload types differ.
//
// # Promises
//
//   - An [Event] or an [ID] that exists is well formed: topics, type names and
//     ids are checked where they are made, so none of them can break a frame of
//     an event stream (no CR, LF or NUL).
//   - [Define] panics when the program starts, never later, if a name is bad,
//     reserved or taken, or if the payload type cannot travel as JSON.
//   - An [ID] orders events within one epoch and proves which event it names.
//   - [Fingerprint] is the same in the server and in the page exactly when both
//     were built from the same definitions.
//   - A page and a server of different releases can find out whether they understand
//     each other: [Record] stores the older versions of types, [Upcast] converts a
//     type to its successor, and [Misread] reports a type that does not fit.
//   - A delivered event, an [Of], names its topic and the time at which it was stored,
//     on a page as on the server.
//   - [Type.Decode] reads events of the type, and of older types that Upcast
//     converts, whichever release has published them.
//
// Publishing blocks until the log says that the event is durable, or the context
// ends; an error that leaves it open whether it was is made harmless by a [Key].
// Nothing else blocks. The package starts no goroutine and keeps nothing that
// needs closing. All functions are safe for concurrent use, definitions
// excepted: those belong into package variables. It needs the standard library
// only, and behaves alike on every platform.
//
// # Additive changes
//
// A page reads, without misreading, what a server writes whose payload differs from
// its own by additive changes alone. An object, at any depth, may gain fields, since
// decoders skip what they do not know; but none that differs from an old one by upper
// and lower case only, which encoding/json takes for the same. It may not lose or
// rename one: its absence reads as zero. A field may gain or lose omitempty and
// omitzero; only one that may be null does not gain omitzero. Everything else stays
// as it is: the size of a number, the kind of a map's keys, whether a payload may be
// null, list or array. The test of package eventtest holds a program to it.
package event
