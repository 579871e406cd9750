package source

import (
	"cmp"
	"math/rand/v2"
	"net/url"
	"strconv"
	"time"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// Options say what to follow and from where. Topics must be set; every other
// field may be left zero.
type Options struct {
	// URL of the stream. Default "/events". Its query, if any, is kept.
	URL string
	// Topics to follow: one at least. See [Source.Follow] for more.
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
	// Transport opens connections. Default the browser's
	// [transport.EventSource].
	Transport transport.Transport
	// Fallback opens them where Transport does not work: where it brings no hello,
	// as through a proxy that holds streams back; where it fails twice at once
	// although a probe finds the server willing; or where the browser lacks it. It
	// is tried beside Transport after three tenths of HelloWithin, and the first to
	// bring a hello is used. See the package's doc. Default
	// [transport.LongPoll] if Transport is not set, otherwise none.
	Fallback transport.Transport
	// Pace is the least time between two calls of OnBatch, but for the first
	// after a pause. Default 16 ms, a frame of most screens; negative for none.
	Pace time.Duration
	// User is the user who is signed in, if the stream depends on it: what is stored
	// for one is not used for another, and their tabs do not share.
	User string
	// UnsafeResumeAfterReload says that the page, when it is loaded again in
	// the same tab, has everything that it has received before, because it stores
	// that itself in OnBatch. Then the source stores the position after each
	// OnBatch and begins from the stored one, whatever After says. Events since
	// the last OnBatch may come again. It is the position of Topics: those given to
	// Follow begin anew, and nothing is stored while one of Topics is not followed.
	//
	// A page that has not got all of that misses it for good: the server takes
	// the position as proof that the page has seen what is before it, and no
	// reset says otherwise. Hence the default, false: a page that is loaded
	// afresh begins from After. One that comes out of the back/forward cache
	// still has its memory and needs none of this.
	UnsafeResumeAfterReload bool
	// Storage keeps texts for the tab. Default the browser's sessionStorage.
	Storage Storage
	// OriginStorage keeps texts for all tabs of the origin: that the fallback is
	// what works there. It is used on several goroutines. Default the browser's
	// localStorage.
	OriginStorage Storage
	// Environment is what the page knows besides the stream. Default the
	// browser's.
	Environment Environment
	// Probe asks why there is no stream. Default [transport.Ask],
	// one request by fetch.
	Probe transport.Probe
	// Share says whether the tabs of one browser share a connection. Default
	// [ShareAuto].
	Share Sharing
	// Rand returns the next random number in [0, 1), on any goroutine. Default
	// math/rand/v2.
	Rand func() float64
}

func (o Options) withDefaults() Options {
	o.URL = cmp.Or(o.URL, "/events")
	o.HelloWithin = cmp.Or(o.HelloWithin, 10*time.Second)
	o.Backoff.Min = cmp.Or(o.Backoff.Min, 500*time.Millisecond)
	o.Backoff.Max = cmp.Or(o.Backoff.Max, 30*time.Second)
	o.Backoff.Healthy = cmp.Or(o.Backoff.Healthy, 10*time.Second)
	o.Pace = cmp.Or(o.Pace, 16*time.Millisecond)
	if o.Transport == nil {
		o.Transport = transport.EventSource{}
		o.Fallback = cmp.Or[transport.Transport](o.Fallback, transport.LongPoll{})
	}
	o.Storage = cmp.Or(o.Storage, defaultStorage())
	o.OriginStorage = cmp.Or(o.OriginStorage, defaultOriginStorage())
	o.Environment = cmp.Or(o.Environment, defaultEnvironment())
	if o.Probe == nil {
		o.Probe = transport.Ask
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	return o
}

// check reports what is wrong with the options before anything is opened.
func (o Options) check() error {
	if len(o.Topics) == 0 {
		return ErrNoTopics
	}
	for _, topic := range o.Topics {
		if err := event.CheckTopic(topic); err != nil {
			return err
		}
	}
	_, err := url.Parse(o.URL)
	return err
}

// address returns where to connect to resume after a position. The position
// travels in the URL: each connection is a new EventSource, which cannot be
// given a Last-Event-ID header. catchUp asks the server to report when there is no more.
func (o Options) address(topics []string, after event.ID, catchUp bool) (string, error) {
	u, err := url.Parse(o.URL)
	if err != nil {
		return "", err
	}
	q := u.Query()
	q[wire.TopicParam] = topics
	q.Set(wire.SchemaParam, event.Fingerprint())
	if !after.IsZero() {
		q.Set(wire.AfterParam, after.String())
	}
	if catchUp {
		q.Set(wire.CatchUpParam, "1")
	}
	if o.Last > 0 { // with a position it counts for a reset only
		q.Set(wire.LastParam, strconv.Itoa(o.Last))
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}
