// Package fanout hands the events of one log to many readers. It knows nothing
// of HTTP: a transport asks a [Cursor] for frames and writes them.
//
// # The idea
//
// One tail of the log fills a ring of frames, each encoded once and shared by
// all. A reader is a cursor, a position in the log: it takes the frames after
// it from the ring, or from the log if it has fallen behind the ring, or waits
// to be woken. Replay, live delivery and slow reading are the same steps, so
// there is no hand-over between them and no queue that grows.
//
// # Promises
//
//   - Order: a cursor yields the events of its topics in the log's order, each
//     once, starting right after its position.
//   - Proof: a reader resumes from an id only if the log proves that it is of its
//     own history, and that nothing after it was removed by retention.
//   - Loss: nothing is skipped silently. If events after a cursor's position
//     have left the log, or the log was replaced, it says [ErrLost], and
//     [Cursor.Restart] begins again with the retained window.
//   - Isolation: a reader that does not read costs its cursor, about 200 bytes,
//     and nobody waits for it. An event wakes the cursors of its own topic only,
//     whatever others there are.
//   - Sharing: an event is encoded once for the ring, and once for each page of
//     the log that is read. Readers at one place, a [Spot], can be served as one.
//   - Bounds: the ring holds at most the configured events and bytes. Reads of
//     the log run at most a few at a time, and those of one page are one.
//   - Blocking: Open and Fetch wait for the log until their context ends; Take
//     never waits. Wake functions are called under the hub's lock and must not.
//   - Outages: while the log is away or without a quorum, readers of the ring go
//     on, [Hub.Health] says so, and Run comes back by itself.
//   - Goroutines: [Hub.Run] is the only one, and belongs to the caller. It ends
//     with its context, or when the log is closed. Cursors belong to who opened
//     them and are closed by him; a Hub itself needs no closing.
package fanout
