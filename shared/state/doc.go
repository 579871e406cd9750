// Package state defines values that are folded from events: one function that a
// server, its HTML and a page share.
//
// A kind of state and the event types that change it are package variables,
// compiled into both halves of a program:
//
//	type Board struct{ Cards map[string]Card }
//
//	var Boards = state.Define[Board]("board") // one Board for each topic board.<key>
//	var Placed = state.On(Boards, "board.placed", func(b *Board, e event.Of[Card]) {
//		b.Cards[e.Value.ID] = e.Value
//	})
//	var Removed = state.On(Boards, "board.removed", func(b *Board, e event.Of[Removal]) {
//		delete(b.Cards, e.Value.ID)
//	})
//
// # Promises
//
//   - The state of a topic at a position is the fold of all its events up to it,
//     in the order of the log.
//   - [Define] and [On] panic when the program starts, never later, if a name is
//     bad or taken, or if a checkpoint could not hold all of a state.
//   - An event that cannot be folded is an error that names it. Nothing skips it:
//     a state without it would be a smaller one.
//   - A checkpoint of an earlier release is read if the state has only gained
//     fields since, or with a function given to [Upgrade]; otherwise that is an
//     error which says what has changed.
//
// # Mutations
//
// A mutation is a command whose function decides from the state which events to
// publish: see [Mutate]. A page shows its own decision at once and the server's when
// that is there: see Do of package app/live.
//
//   - The server publishes only if the topic has not changed since the function saw
//     the state, on whatever node, and otherwise decides again.
//   - A call that is repeated under its idempotency key is carried out once.
//   - A refusal is decided on a state that includes all that was acknowledged before.
//
// # What a fold may do
//
// A fold changes the state that it is given, and depends on nothing but that state
// and the event: no clock (the time is the event's), no randomness, no order of a
// map, no variable outside. The server, the page and a program that is started
// again then come to the same value. Package statetest checks that. A fold that
// panics does not end the program: it makes an error.
//
// The state begins as its zero value, with the maps among its fields made. It
// travels and is kept as JSON, by the rules of encoding/json.
//
// The package starts no goroutine, never blocks and needs the standard library
// only. Values are not safe for concurrent use; kinds are, once the packages that
// define them are initialised.
package state
