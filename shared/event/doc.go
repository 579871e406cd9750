// Package event defines what Seaway carries: typed events in one ordered log.
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
//   - Halves of different releases know what they can read of each other:
//     [Record] keeps what was released, [Additive] is the rule, [Upcast] joins
//     a type to the one that takes its place, and [Misread] is the verdict.
//
// Publishing blocks until the log says that the event is durable, or the context
// ends; an error that leaves it open whether it was is made harmless by a [Key].
// Nothing else blocks. The package starts no goroutine and keeps nothing that
// needs closing. All functions are safe for concurrent use, definitions
// excepted: those belong into package variables. It needs the standard library
// only, and behaves alike on every platform.
package event
