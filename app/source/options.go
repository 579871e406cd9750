package source

import (
	"math/rand/v2"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// Options say what to follow and from where. Topics must be set; every other
// field may be left zero.
type Options struct {
	// URL of the stream. Default "/events". Its query, if any, is kept.
	URL string
	// Topics to follow: one at least.
	Topics []string
	// After is the position to start from, normally that of the snapshot the
	// page was built from: events up to it are not sent. Default none.
	After event.ID
	// Last is how many retained events to ask for where there is no position
	// to resume from: on a fresh start and after a reset. Default 0, which
	// leaves the number after a reset to the server.
	Last int
	// Backoff spaces the tries. See there for the defaults.
	Backoff Backoff
	// HelloWithin is how long one try may take until the stream has begun.
	// Default 10 s.
	HelloWithin time.Duration
	// Transport opens connections. Default the browser's EventSource.
	Transport Transport
	// Share says whether the tabs of one browser share a connection. Default
	// [ShareAuto].
	Share Sharing
	// User names who is logged in, if the stream depends on it: tabs of several
	// users of one browser must not share.
	User string
	// Rand returns the next random number in [0, 1). Default math/rand/v2.
	Rand func() float64
}

func (o Options) withDefaults() Options {
	setDefault(&o.URL, "/events")
	setDefault(&o.HelloWithin, 10*time.Second)
	setDefault(&o.Backoff.Min, 500*time.Millisecond)
	setDefault(&o.Backoff.Max, 30*time.Second)
	setDefault(&o.Backoff.Healthy, 10*time.Second)
	if o.Transport == nil {
		o.Transport = EventSource{}
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	o.Transport = o.share(o.Transport)
	return o
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
