// Package transport brings the frames of a stream from a server to a page: over the
// browser's EventSource, over long polls, over polls at an interval, or over a
// WebSocket. It reports what arrives and knows nothing else; order, duplicates,
// positions, retries and silence are the matter of package source. Import it to
// choose another transport than the default, or to write one.
//
//	src := source.New(source.Options{Topics: topics, Transport: transport.LongPoll{}})
//
// # Promises
//
// Order: the signals of a connection are emitted in order. Signals of one call of
// emit belong together: what one turn of the browser's event loop brought, or one
// answer to a poll.
//
// Loss: a connection emits all frames that it listens for from its beginning to its
// end, whatever pieces the network makes of them; a frame that is cut off by the
// end is none.
//
// End: a connection ends with one ConnectionFailed, or with a frame that
// [Frame.Final] reports, and never reconnects. After release nothing of it is left:
// no request, no callback, no goroutine.
//
// Blocking: Open and emit do not block.
//
// Refusals: an EventSource and a WebSocket hide the status of an answer that is no
// stream: a [Probe] asks for it. Polls see it themselves and end with an
// [AnswerError].
//
// # Platforms
//
// All of them need a browser. Elsewhere Open returns [ErrUnsupported]; the package
// app/source/sourcetest has a Transport that tests drive.
package transport
