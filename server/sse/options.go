package sse

import (
	"cmp"
	"log/slog"
	"net/http"
	"runtime"
	"time"

	"github.com/seawaykit/seaway/shared/fault"
)

// Options configure a [Handler]. The zero value refuses every stream.
type Options struct {
	// Authorize decides who may follow which topics. It returns the reader's
	// identity or a refusal, best a [*fault.Error]. Default: everything is
	// refused as forbidden.
	Authorize func(r *http.Request, topics []string) (identity string, err error)

	// Enter is told of every visit that was admitted, on whatever transport: of a
	// stream's before its first frame, of a poll's before its answer. The leave
	// that it returns is called exactly once, when the visit has ended, whoever
	// ended it, and before Shutdown returns nil. Neither may block: streams of
	// the fast path share the goroutine that calls leave. A nil leave is not
	// called. Requests that are refused do not enter. Default: nobody is told.
	Enter func(r *http.Request, identity string, topics []string) (leave func())

	Beat time.Duration // the longest silence; default 15 s

	// WriteTimeout is how long a reader may take nothing of what is written to
	// it before it is disconnected. Default 30 s.
	WriteTimeout time.Duration

	// Retry is the shortest pause a client is asked to make before it
	// reconnects. Each is told a random one up to three times that, so that
	// they do not all come back at once. Default 1 s.
	Retry time.Duration

	// MaxStreams is how many streams may be open. Default: the limit of open
	// files, less a quarter of it but at most 1,024, which other requests, the
	// log and the pages' files need.
	MaxStreams int

	// MaxPerAddress is how many streams one client address may have. Default
	// 0, no limit: an office, or all of a proxy's clients, share one address.
	MaxPerAddress int

	MaxTopics int    // the most topics of one stream; default 32
	MaxLast   int    // the most retained events a client may ask for; default 10,000
	Build     string // the server's version, told in hello; default empty

	// Writers is how many goroutines write the streams of the fast path.
	// Default runtime.GOMAXPROCS(0).
	Writers int

	// DisableFastPath keeps every stream on net/http, which costs it a
	// goroutine and about 20 KiB.
	DisableFastPath bool

	// Logger is told, at debug level, when a stream begins and ends. Default
	// slog.Default().
	Logger *slog.Logger
}

func (o Options) withDefaults() Options {
	o.Beat = cmp.Or(o.Beat, 15*time.Second)
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
