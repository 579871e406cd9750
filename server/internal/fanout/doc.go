// Package fanout delivers the events of one log to many readers, from a ring of
// encoded frames. It does not depend on HTTP: a transport takes frames from a
// [Cursor] and writes them.
//
// # The idea
//
// One tail of the log fills a ring of frames, each encoded once and shared by
// all readers. A reader is a cursor, a position in the log: it takes the frames
// after its position from the ring, or from the log if it has fallen behind the
// ring, or waits to be woken. Replay, live delivery and slow reading are the
// same steps, so there is no hand-over between them and no queue that grows.
//
// # Promises
//
//   - Order: a cursor yields the events of its topics in the log's order, each
//     once, starting right after its position.
//   - Proof: a reader resumes from an id only if the log proves that the id is
//     part of its history, and that retention has removed nothing after it.
//   - Loss: nothing is skipped silently. If events after a cursor's position
//     have left the log, or the log was replaced, or its retention has overtaken
//     the hub's own tail, the cursor returns [ErrLost], and [Cursor.Restart]
//     begins again with the retained window.
//   - Isolation: a reader that does not read costs its cursor, about 200 bytes,
//     and delays no other. An event wakes only the cursors of its topic.
//   - Sharing: an event is encoded once for the ring, and once for each page of
//     the log that is read. Readers of the same topics at the same position, an
//     [Offset], can be served as one.
//   - Bounds: the ring holds at most the configured events and bytes. At most a
//     few reads of the log run at a time, and concurrent reads of one page are
//     merged.
//   - Blocking: Open and Fetch wait for the log until their context ends; Take
//     never blocks. Wake functions are called under the hub's lock and must not
//     block.
//   - Outages: while the log is out of reach or without a quorum, readers of the
//     ring go on, those behind it wait, [Hub.Health] reports it, and Run recovers by
//     itself.
//   - Goroutines: [Hub.Run] is the only one, and belongs to the caller. It ends
//     with its context, or when the log is closed. The caller must Close every
//     Cursor that it opens; a Hub itself needs no closing.
package fanout
