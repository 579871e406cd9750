// Package source is a live stream as a page sees it: typed events, in order,
// each once, over connections that come and go.
//
//	src := source.New(source.Options{Topics: []string{"room.lobby"}, After: snapshot.Head})
//	source.On(src, chat.Posted, func(e event.Of[chat.Message]) { list.Upsert(e) })
//	src.OnReset(func(wire.ResetInfo) { list.Clear() })
//	if err := src.Start(); err != nil { ... }
//	defer src.Close()
//
// # Promises
//
// Order: functions given to [On] are called in the order of the log, across
// all types and topics of the source.
//
// Loss: no event after the position is left out and none comes twice, however
// often the connection breaks, or else OnReset is called first: then what the
// page knew is void and the retained events follow. An event that cannot be
// decoded goes to OnError, and the stream goes on.
//
// Calls: everything given to On, OnReset, OnState, OnError and OnBatch runs on
// one goroutine, the source's own, one call at a time. A function that takes
// long holds back the others and nothing else. If it lets more than 16 MiB pile
// up, the source drops the connection rather than the page's memory, and
// resumes when the function returns.
//
// Reconnection: the source never gives up by itself. It waits between two
// tries as [Backoff] says, at least as long as the server asked for. Only Close
// and a refusal that the server calls final end it.
//
// Skew: a hello says what the server's events are made of. If an event given to
// On would be misread, nothing of the stream is applied, the source is
// [Incompatible], and it asks again about once a minute; State.Skew says what
// other differences there are.
//
// Shutdown: Close does not block and may be called from anywhere, also from the
// functions above. The frame that is being told is told to the end; after it
// comes nothing but the last state, [Closed]. Done is closed when all is over,
// and then nothing of the source is left: no goroutine, no timer, no connection.
//
// # Platforms
//
// In a browser the connection is an EventSource. Elsewhere there is none, and
// Start returns [ErrUnsupported] unless Options names a [Transport]. The package
// sourcetest has one that tests can script.
package source
