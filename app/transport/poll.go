package transport

import (
	"cmp"
	"time"
)

// Poll asks every so often for what is new, and is answered at once. It is the
// last resort, for servers and proxies that hold no request: an event is late by
// half of Every on average and by all of it at worst, and the page pays for a
// request whether there is one or not. [LongPoll] is better wherever it works.
type Poll struct {
	URL string // without a query, which is the stream's; default "/poll"
	// Every is the time from one request to the next. Default 2 s. One that is
	// longer than two and a half heartbeat intervals of the server looks like silence.
	Every time.Duration
}

// Name returns "poll".
func (Poll) Name() string { return "poll" }

// Open implements [Transport].
func (t Poll) Open(r Request, emit func(...Signal)) (release func(), err error) {
	if !canGet {
		return nil, ErrUnsupported
	}
	return t.open(r, emit, get)
}

func (t Poll) open(r Request, emit func(...Signal), get getter) (release func(), err error) {
	p := &poller{pause: cmp.Or(t.Every, 2*time.Second), always: true, names: r.Names, emit: emit, get: get}
	return p.open(t.URL, r.URL)
}
