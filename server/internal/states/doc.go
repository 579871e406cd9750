// Package states keeps the states of one kind for a server: it folds the events of
// their topics as the log stores them, and writes checkpoints.
//
//	boards, err := states.Open(ctx, log, board.Boards, states.Options{})
//	go boards.Run(ctx)
//	err = boards.Read(ctx, "red", func(b *board.Board, at event.ID) error { ... })
//
// # Promises
//
//   - A state is the fold of all events that its topic ever had, whatever retention
//     has removed since, across restarts and kills. Where that cannot be kept it is
//     an error, never a smaller state.
//   - A read sees whatever was acknowledged before it, on any node.
//   - Memory is bounded: states that were not used for the longest time leave it
//     after a checkpoint, and come back when they are read or changed.
//   - A start reads the kind's record and the events after it, not the whole log.
//   - Beside nodes of a newer release, which write checkpoints of a type that this one cannot
//     read, states that are in memory go on. Others are refused as unavailable, and callers
//     try again.
//   - A topic whose state cannot be folded, loaded or written stops no other topic. Its
//     events stay in the log.
//
// # Checkpoints
//
// Values of the log (see [eventlog.Values]) hold one checkpoint for each topic,
// state.<kind>.<key>, and one record for each kind, kind.<kind>. The record's
// position says that each topic's checkpoint includes all events up to it; it holds
// the events after it, so that retention waits for checkpoints. A pass writes the
// checkpoints of all states that have changed, and then the record.
//
// Checkpoints of an older type are written anew in the background, and the record then
// drops that type. [Forget] deletes the record and the checkpoints of a kind that no
// program serves any more.
//
// Every node of a cluster folds all events, and [Run] reads them once for all kinds. A
// kind whose fold is slow delays the others, which would wait for the same processor;
// ten kinds with a tail each would decode each event ten times. One node writes the
// checkpoints: the one that has last written the record, or another if the record has
// not moved for [takeOver]. Two that write at once do no harm, since states at one
// position are equal, and a checkpoint never goes back.
package states
