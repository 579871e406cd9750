package transport

import "time"

const (
	// pollWait is how long a server may hold a poll: less than the minute after
	// which most proxies give up. The server has a limit of its own.
	pollWait = 25 * time.Second
	// pollPause is the least time between two polls of which the first brought
	// no event: a server that does not wait must not be asked all the time.
	pollPause = 500 * time.Millisecond
)

// LongPoll asks again and again for what is new, in answers that end: for
// browsers without EventSource, and for proxies that hold an answer back until
// it does. The server keeps each request until there is an event. What it brings
// are the frames that a stream would have.
type LongPoll struct {
	URL string // without a query, which is the stream's; default "/poll"
}

// Name returns "longpoll".
func (LongPoll) Name() string { return "longpoll" }

// Open implements [Transport].
func (t LongPoll) Open(r Request, emit func(...Signal)) (release func(), err error) {
	if !canGet {
		return nil, ErrUnsupported
	}
	return t.open(r, emit, get)
}

func (t LongPoll) open(r Request, emit func(...Signal), get getter) (release func(), err error) {
	return (&poller{wait: pollWait, pause: pollPause, names: r.Names, emit: emit, get: get}).open(t.URL, r.URL)
}
