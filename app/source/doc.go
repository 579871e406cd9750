// Package source receives the events of a page's topics: typed, in order, each once,
// over connections that break and are made again. A page with package app/live has a
// source already; import this one for a page without go-app, or to change its
// options.
//
//	src := source.New(source.Options{Topics: []string{"room.lobby"}, After: snapshot.Head})
//	source.On(src, chat.Posted, func(e event.Of[chat.Message]) { list.Upsert(e) })
//	src.OnReset(func(wire.ResetInfo) { list.Clear() })
//	if err := src.Start(); err != nil { ... }
//	defer src.Close()
//
// # Promises
//
// Order: functions given to [On] are called in the order of the log, across all
// types and topics of the source. The retained events of a topic that is followed
// later are an exception: they come first.
//
// Topics: [Source.Follow] adds topics to a source and [Source.Unfollow] removes
// some, at any time. A topic that is followed later brings its retained events
// first, the newest Options.Last of those of one call, in order and each once, and
// then its later ones among those of all topics. Only then does [Source.Topics] have
// it, and the position covers it. The other topics lose and repeat nothing
// meanwhile, and the source stays Live: a short connection fetches the retained
// events of the new topics. Then one connection for all topics replaces the old one,
// when it has reached the same position. What the server refuses is a [FollowError];
// what fails is tried again, as [Backoff] says, and whenever the source becomes
// Live. A reset is one of all topics. The server must name topics in its frames.
//
// Loss: no event after the position is left out and none comes twice, however often
// the connection breaks. Where that cannot be kept OnReset is called: the page
// discards what it has, and the retained events follow. An event that cannot be
// decoded goes to OnError, and the stream goes on.
//
// Calls: everything given to On, OnReset, OnState, OnError, OnBatch and OnTrace
// runs on one goroutine, the source's own, one call at a time. A function that takes
// long holds back the others and nothing else. If it lets more than 16 MiB pile
// up, the source drops the connection rather than the page's memory, and
// resumes when the function returns.
//
// Honesty: a source is not [Live] for longer than two and a half of the server's
// heartbeat intervals without a frame, the heartbeat timeout. It is measured on
// the wall clock, which goes on while a laptop sleeps.
//
// Reconnection: the source never gives up by itself. It waits between two attempts
// as [Backoff] says, and at least as long as the server asked for. It reconnects at
// once when the page becomes visible or the network returns, but never before the
// time that the server asked for. A page in the back/forward cache holds no
// connection. Only Close and a server that answers 204 end a source. One that
// refuses the page is not asked again without cause.
//
// Skew: the first frame of a stream, hello, has the version of each event type of
// the server. If an event given to On would be misread, nothing of the stream is
// applied, the source is [Incompatible], and it asks again about once a minute;
// State.Skew says what other differences there are.
//
// Shutdown: Close does not block and may be called from anywhere, also from the
// functions above. The frame that is being delivered is delivered to the end; after it
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
//	              no frame until the heartbeat timeout                Stale
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
// there. A try that ends with no stream is followed by one [transport.Probe], which
// distinguishes a refusal from a server in trouble, a page to log in, a captive portal and a
// service worker in the way. Pause makes every phase Offline, and its end Connecting.
//
// # Modes
//
// What a source is doing is one of these modes. Each determines the phase that is
// reported to the page, and whether there is a connection; there are no other combinations.
//
//	mode            phase         connected  what it is doing
//	opening         Connecting    yes        a connection was begun; its hello has not come
//	asking          Connecting    no         it ended with no stream, and a probe asks why
//	reopening       Stale         yes        as opening, but what is shown may be old
//	reasking        Stale         no         as asking, but what is shown may be old
//	awaiting reset  Live          yes        the hello announced a reset, which has not come
//	live            Live          yes        events arrive as they happen
//	waiting         Waiting       no         it waits for the next try
//	offline         Offline       no         it waits for that or for a network
//	paused          Offline       no         a developer has paused it
//	paused, left    Offline       no         and the page was left meanwhile
//	left            Stale         no         the page was left, and may come back
//	refused         Refused       no         it waits for a cause to ask again
//	refused, left   Refused       no         and the page was left meanwhile
//	incompatible    Incompatible  no         it waits for another release of the server
//	closed          Closed        no         nothing, for good
//
// # Fallback
//
// A proxy may hold a stream back, and nothing but the lack of a hello shows it. So
// each try is a race, if [Options] have a Fallback: it joins after three tenths of
// HelloWithin, 3 s by default, beside the stream's own attempt, and the first hello
// makes the source Live. After two tries in a row that brought nothing by either,
// there is one connection a try, by each in turn, with the same back-off.
//
// While the fallback is in use the source goes on to test the stream. The attempt
// that lost the race may run to its timeout. The next one starts a minute later, and
// the pause doubles up to an hour; one also starts within two seconds of the
// browser's event "online". The stream takes over if its hello comes in time, if it
// resumes from the position of the page, and if, a second or more later, it brings
// an event or a heartbeat no later than the fallback does. The source stays Live,
// reports the new State.Transport, and nothing is lost or repeated. No more than
// these two connections are ever open at once, but for topics that are followed
// later, for a moment.
//
// That the fallback was needed is remembered in Options.OriginStorage, for the URL
// and the two transports, for a day from the last time that the stream was found to
// be held back. The next source begins with the fallback then, and the stream joins
// if that is slow. It is forgotten when the stream brings a hello and is used. A
// fallback that fails makes way for the stream. Without a storage it is remembered
// for as long as the source. Tabs that share a connection share the race.
//
// A stream that brings its hello and nothing more, until the heartbeat timeout, has
// filled a proxy's buffer with what it begins with: the next try begins with the
// fallback.
//
// # Platforms
//
// In a browser the connection is an EventSource, or long polling where that does
// not work. Elsewhere there is neither, and Start returns
// [transport.ErrUnsupported] unless Options names a transport. The package sourcetest
// has one that tests can script, with an environment and a storage.
package source
