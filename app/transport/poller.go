package transport

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/seawaykit/seaway/shared/wire"
)

// A getter makes one request and returns the whole answer, its body apart.
type getter func(ctx context.Context, url string) (a Answer, body string, err error)

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
		signals := Arrived(frames...)
		if first {
			signals = append([]Signal{Opened()}, signals...)
		}
		p.emit(signals...)
		if len(frames) > 0 && frames[len(frames)-1].Final() {
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
// of one that the page does not listen for: otherwise a page that wants little of a busy
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
		return nil, "", ReadyClosed, &AnswerError{answer}
	}
	parser := newParser(p.names)
	if frames = parser.parse(body); len(frames) > 0 {
		return frames, parser.last, ReadyOpen, nil
	}
	if mediaType(answer.Type) == "text/html" {
		return nil, "", ReadyClosed, &AnswerError{answer}
	}
	return nil, "", ReadyClosed, errors.New("the answer to a poll holds no frames")
}

// continued takes away the hello of an answer that goes on where the last ended.
// The beginning of a stream must not be reported to the caller.
func continued(frames []Frame) ([]Frame, error) {
	first := frames[0]
	hello := first.Hello()
	switch {
	case hello != nil && hello.Mode == wire.Resumed:
		return frames[1:], nil
	case first.Final(): // refused, or ended by a bye before it began
		return frames, nil
	}
	return nil, errDisjoint
}

// advance makes an id the one to poll after, without the topic and time that may
// follow it, and reports whether it is another.
func (p *poller) advance(last string) (moved bool) {
	last, _, _ = strings.Cut(last, " ")
	q := p.url.Query()
	if last == "" || last == q.Get(wire.AfterParam) {
		return false
	}
	q.Set(wire.AfterParam, last)
	p.url.RawQuery = q.Encode()
	return true
}

// news reports whether an answer brought something, or had no room for all: it
// ends with a heartbeat if there was no more.
func news(frames []Frame) bool {
	return len(frames) != 1 || frames[0].Name != wire.HeartbeatName
}

// complete reports whether an answer had room for all that there was: then it
// ends with a heartbeat.
func complete(frames []Frame) bool {
	return len(frames) > 0 && frames[len(frames)-1].Name == wire.HeartbeatName
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
