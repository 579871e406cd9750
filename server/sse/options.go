package sse

import (
	"cmp"
	"log/slog"
	"net/http"
	"runtime"
	"time"

	"github.com/seawaykit/seaway/shared/fault"
)

// Options configure a [Handler]. The zero value refuses every request.
type Options struct {
	// Authorize decides whether a request may follow the topics. It returns the
	// user's identity or a refusal, preferably a [*fault.Error]. Default:
	// everything is refused as forbidden.
	Authorize func(r *http.Request, topics []string) (identity string, err error)

	// Until returns when the identity of a request expires, if it does: its stream, poll
	// or socket ends then. It is called after Authorize. Default: never.
	Until func(r *http.Request) (at time.Time, ok bool)

	// OnConnect is called once for each authorised connection, on every transport:
	// before a stream's first frame, and before a poll's answer. The function that it
	// returns is called exactly once, after the connection has ended, whatever the
	// cause, and before Shutdown returns nil. Neither may block: streams of the fast
	// path share the goroutine that calls it. A nil function is not called. Requests
	// that are refused do not connect. Default: nothing is called.
	OnConnect func(r *http.Request, identity string, topics []string) (disconnect func())

	// Refused is called for each request that is not admitted, on every transport, with what
	// its client is told. It must not block. Default: nothing is called.
	Refused func(r *http.Request, e *fault.Error)

	// FannedOut is called for each new event, when its streams have been woken to write it.
	// It must not block: the events after it wait. Default: nothing is called, at no cost.
	FannedOut func(FanOut)

	Heartbeat time.Duration // heartbeat interval, the longest silence; default 15 s

	// WriteTimeout is how long a client may accept no bytes before it is
	// disconnected. Default 30 s.
	WriteTimeout time.Duration

	// Retry is the shortest pause a client is asked to make before it
	// reconnects. Each is sent a random one of up to three times that, so that
	// they do not all come back at once. Default 1 s.
	Retry time.Duration

	// MaxStreams is how many streams may be open. Default: the limit of open
	// files, less a quarter of it but at most 1,024, which other requests, the
	// log and the pages' files need.
	MaxStreams int

	// MaxPerAddress is how many streams one client address may have, of IPv6 one
	// network of 64 bits. Default 0, no limit: an office, or all of a proxy's clients,
	// share one address. Clients of a proxy that is not trusted are not counted: see
	// [httpd.Client].
	MaxPerAddress int

	// MaxPerIdentity is how many streams one identity may have. Strangers, whose
	// identity is empty, are not counted. Default 0, no limit.
	MaxPerIdentity int

	MaxTopics int    // the most topics of one stream; default 32
	MaxLast   int    // the most retained events a client may ask for; default 10,000
	Build     string // the server's version, sent in hello; default empty

	// RingEvents and RingBytes bound the newest events that are kept encoded in
	// memory. Streams that are further behind are served from the log. Defaults
	// 16,384 and 64 MiB.
	RingEvents, RingBytes int

	// Window is how many retained events follow a reset at least. Default 256.
	Window int

	// Writers is how many goroutines write the streams of the fast path.
	// Default runtime.GOMAXPROCS(0).
	Writers int

	// DisableFastPath keeps every stream on net/http, which costs it a
	// goroutine and about 20 KiB.
	DisableFastPath bool

	// Logger logs, at debug level, the beginning and end of each stream.
	// Default slog.Default().
	Logger *slog.Logger
}

func (o Options) withDefaults() Options {
	o.Heartbeat = cmp.Or(o.Heartbeat, 15*time.Second)
	o.WriteTimeout = cmp.Or(o.WriteTimeout, 30*time.Second)
	o.Retry = cmp.Or(o.Retry, time.Second)
	o.MaxStreams = cmp.Or(o.MaxStreams, defaultMaxStreams())
	o.MaxTopics = cmp.Or(o.MaxTopics, 32)
	o.MaxLast = cmp.Or(o.MaxLast, 10_000)
	o.Writers = cmp.Or(o.Writers, runtime.GOMAXPROCS(0))
	o.Logger = cmp.Or(o.Logger, slog.Default())
	if o.Authorize == nil {
		o.Authorize = func(*http.Request, []string) (string, error) {
			return "", fault.New(fault.Forbidden, "this server offers no streams")
		}
	}
	return o
}
