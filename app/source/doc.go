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
// Calls: everything given to On, OnReset, OnState, OnError, OnBatch and OnTrace
// runs on one goroutine, the source's own, one call at a time. A function that takes
// long holds back the others and nothing else. If it lets more than 16 MiB pile
// up, the source drops the connection rather than the page's memory, and
// resumes when the function returns.
//
// Honesty: a source is not [Live] for longer than two and a half of the server's
// beats without a frame, measured on the wall clock, which goes on while a
// laptop sleeps.
//
// Reconnection: the source never gives up by itself. It waits between two
// tries as [Backoff] says, at least as long as the server asked for, and comes
// back at once, but for what the server asked for, when the browser says that
// the page is seen again or that there is a network. A page in the
// back/forward cache holds no connection. Only Close and a server that answers
// 204 end a source. One that refuses the page is not asked again without cause.
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
// # Phases
//
// What leads from one phase to another, besides Close:
//
//	in            when                                                becomes
//	Idle          Start                                               Connecting
//	Connecting    a hello comes                                       Live
//	              none within Options.HelloWithin, or the try fails   Waiting, or Offline
//	                                                                  without a network
//	              the server refuses (400, 401, 403, 404, 405, 410,   Refused
//	              422, or a fault that no retry cures)
//	              the server answers 204                              Closed
//	Live          the connection ends, or the server says bye         Waiting or Offline
//	              no frame for two and a half beats                   Stale
//	              the page is left (pagehide)                         Stale
//	Stale         as Connecting, but what is shown is known to be old
//	              the page is back (pageshow)                         Stale, with a try
//	Waiting       State.Until, or RetryNow                            Connecting
//	              the page is seen, or there is a network             Waiting, very shortly
//	              the browser says that there is no network           Offline
//	Offline       State.Until (30 s at least), or RetryNow            Connecting
//	              the page is seen, or there is a network             Waiting, very shortly
//	any           a hello of a server that would be misread           Incompatible
//	Incompatible  State.Until (60 s at least), or RetryNow            Connecting
//	Refused       RetryNow                                            Connecting
//	              the page is seen, or there is a network             Waiting, very shortly
//
// The page is left from every phase but Refused to Stale, and comes back from
// there. A try that ends with no stream is followed by one [Probe], which tells a
// refusal from a server in trouble, a page to log in, a captive portal and a
// service worker in the way.
//
// # Fallback
//
// A proxy may hold a stream back, and nothing but the lack of a hello shows it. So
// each try is a race, if [Options] have a Fallback: it joins after three tenths of
// HelloWithin, 3 s by default, beside the stream's own attempt, and the first hello
// makes the source Live. After two tries in a row that brought nothing by either,
// there is one connection a try, by each in turn, with the same back-off.
//
// While the fallback is in use the stream is tried beside it: the attempt that lost
// the race until its time is over, then after a minute, with twice the time between
// two trials up to an hour, and within two seconds of the browser's event "online".
// A stream that brings its hello in time, goes on where the page stands, and a
// second or more later brings an event or a heartbeat no later than the fallback,
// takes over. The source stays Live, is told the new State.Transport, and nothing is
// lost or repeated. No more than these two connections are ever open at once.
//
// That the fallback was needed is remembered in Options.OriginStorage, for the URL
// and the two transports, for a day from the last time that the stream was found to
// be held back. The next source begins with the fallback then, and the stream joins
// if that is slow. It is forgotten when the stream brings a hello and is used. A
// fallback that fails makes way for the stream. Without a storage it is remembered
// for as long as the source. Tabs that share a connection share the race.
//
// A stream that brings its hello and nothing more, for two and a half heartbeats,
// has filled a proxy's buffer with what it begins with: the next try begins with
// the fallback.
//
// # Platforms
//
// In a browser the connection is an EventSource, or long polling where that does
// not work. Elsewhere there is neither, and Start returns
// [ErrUnsupported] unless Options names a [Transport]. The package sourcetest has
// one that tests can script, with an environment and a storage.
package source
