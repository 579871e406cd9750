package source

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"strconv"
	"time"

	"github.com/seawaykit/seaway/shared/wire"
)

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

// Name is what [State].Transport says.
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

// A getter makes one request and returns the whole answer, its body apart.
type getter func(ctx context.Context, url string) (a Answer, body string, err error)

// An answerError is an answer that is none to a poll. A poll sees for itself what
// an EventSource has to be told by a probe.
type answerError struct{ Answer }

func (e *answerError) Error() string { return finding{Answer: e.Answer}.words() }

// open starts a poller of a stream's server.
func (p *poller) open(path, stream string) (release func(), err error) {
	if p.url, err = readdress(cmp.Or(path, "/poll"), stream); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { // ended by release, which waits
		defer close(done)
		p.run(ctx)
	}()
	return func() {
		cancel()
		<-done
	}, nil
}

// readdress returns where a stream's query leads on another path of its server.
func readdress(path, stream string) (*url.URL, error) {
	from, err := url.Parse(stream)
	if err != nil {
		return nil, err
	}
	to, err := url.Parse(path)
	if err != nil {
		return nil, err
	}
	to = from.ResolveReference(to)
	to.RawQuery = from.RawQuery
	return to, nil
}

// A poller makes a connection of many requests.
type poller struct {
	wait   time.Duration // for how long the server may hold a poll
	pause  time.Duration // between two, of which the first brought no event
	always bool          // it is made even if there was one

	url   *url.URL
	names []string
	emit  func(...Signal)
	get   getter
}

// errDisjoint ends a connection whose next answer does not go on where the one
// before ended. The source asks anew, and is given the reset.
var errDisjoint = errors.New("the polls do not continue each other")

// run polls until something ends the connection. The first answer comes at
// once: it says that the server is there.
func (p *poller) run(ctx context.Context) {
	wait := time.Duration(0)
	for first := true; ctx.Err() == nil; first = false {
		begin := time.Now()
		frames, last, ready, err := p.poll(ctx, wait)
		if err == nil && !first {
			frames, err = continued(frames)
		}
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			p.emit(Signal{Kind: ConnectionFailed, ReadyState: ready, Err: err})
			return
		}
		p.emit(signals(frames, first)...)
		if len(frames) > 0 && final(frames[len(frames)-1]) {
			return // the source hangs up
		}
		moved := p.advance(last)
		if full := moved && !complete(frames); p.always && !full || wait > 0 && !(moved && news(frames)) {
			pause(ctx, p.pause-time.Since(begin))
		}
		wait = p.wait
	}
}

// poll makes one request. last is the id of the newest frame in the answer, also
// of one that nobody listens for: otherwise a page that wants little of a busy
// topic would be given the same full answer for ever. An answer that is not one
// to a poll is what makes an EventSource give up.
func (p *poller) poll(ctx context.Context, wait time.Duration) (frames []Frame, last string, ready ReadyState, err error) {
	u := *p.url
	q := u.Query()
	q.Set(wire.WaitParam, strconv.Itoa(int(wait/time.Millisecond)))
	u.RawQuery = q.Encode()
	answer, body, err := p.get(ctx, u.String())
	if err != nil {
		return nil, "", ReadyConnecting, errors.New("the server cannot be reached")
	}
	if mediaType(answer.Type) == "application/json" {
		answer.Body = []byte(body[:min(len(body), maxBody)])
	}
	if answer.Status != 200 {
		return nil, "", ReadyClosed, &answerError{answer}
	}
	parser := newParser(p.names)
	if frames = parser.parse(body); len(frames) > 0 {
		return frames, parser.last, ReadyOpen, nil
	}
	if mediaType(answer.Type) == "text/html" {
		return nil, "", ReadyClosed, &answerError{answer}
	}
	return nil, "", ReadyClosed, errors.New("the answer to a poll holds no frames")
}

// continued takes away the hello of an answer that goes on where the last ended.
// The source must not be told that a stream begins.
func continued(frames []Frame) ([]Frame, error) {
	first := frames[0]
	hello := helloOf(first)
	switch {
	case hello != nil && hello.Mode == wire.Resumed:
		return frames[1:], nil
	case final(first): // refused, or told to leave before it began
		return frames, nil
	}
	return nil, errDisjoint
}

func signals(frames []Frame, first bool) []Signal {
	all := make([]Signal, 0, len(frames)+1)
	if first {
		all = append(all, Signal{Kind: ConnectionOpened, ReadyState: ReadyOpen})
	}
	for _, f := range frames {
		all = append(all, Signal{Kind: FrameArrived, ReadyState: ReadyOpen, Frame: f})
	}
	return all
}

// advance makes an id the one to poll after, and reports whether it is another.
func (p *poller) advance(last string) (moved bool) {
	q := p.url.Query()
	if last == "" || last == q.Get(wire.AfterParam) {
		return false
	}
	q.Set(wire.AfterParam, last)
	p.url.RawQuery = q.Encode()
	return true
}

// news reports whether an answer brought something, or had no room for all: it
// ends with a beat if there was no more.
func news(frames []Frame) bool {
	return len(frames) != 1 || frames[0].Name != wire.BeatName
}

// complete reports whether an answer had room for all that there was: then it
// ends with a beat.
func complete(frames []Frame) bool {
	return len(frames) > 0 && frames[len(frames)-1].Name == wire.BeatName
}

// pause waits, unless ctx ends.
func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
