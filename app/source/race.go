package source

import (
	"errors"
	"time"

	"github.com/seawaykit/seaway/app/internal/queue"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// A race is one connection of a [choice], as its source sees it. One transport
// begins. If it has brought nothing in three tenths of the time that a try may
// take, 3 s of the default 10, the other joins, and the first frame decides
// which one is used. A stream that loses is not given up yet: see trial.go.
//
//	in        when                                              becomes
//	alone     a frame comes                                     streaming or fallen
//	          nothing comes in time                             racing
//	          the remembered fallback fails                     alone, with the stream
//	racing    the stream brings a frame first                   streaming
//	          the fallback does                                 trying, or fallen if the
//	                                                            stream has failed
//	          both fail                                         finished
//	fallen    the next trial is due                             trying
//	trying    the stream proves itself                          streaming
//	          it fails, or does not in time                     fallen
//	any       what is in use ends                               finished
//
// Everything but leave runs on the race's goroutine, once that has begun.
type race struct {
	choice  *choice
	request transport.Request
	emit    func(...transport.Signal)
	mail    *queue.Queue
	timer   *time.Timer
	leaving chan struct{} // closed by leave
	left    chan struct{} // closed by the goroutine

	phase      racePhase
	contenders [2]*contender // by side; nil unless it is asked
	pos        event.ID      // up to which the source has received
}

// A racePhase is what a race is doing.
type racePhase uint8

const (
	alone     racePhase = iota // one transport is asked, and has brought nothing
	racing                     // so are both
	streaming                  // the stream is in use
	fallen                     // the fallback is in use
	trying                     // so it is, and the stream is asked beside it
	finished                   // the connection has ended, as was reported to the source
)

func newRace(c *choice, r transport.Request, emit func(...transport.Signal)) *race {
	return &race{
		choice: c, request: r, emit: emit, mail: queue.New(0), pos: r.After(),
		leaving: make(chan struct{}), left: make(chan struct{}),
	}
}

// Open implements [transport.Transport].
func (c *choice) Open(r transport.Request, emit func(...transport.Signal)) (release func(), err error) {
	begin, races := c.plan()
	x := newRace(c, r, emit)
	if err = x.ask(begin, r, x.receive); errors.Is(err, transport.ErrUnsupported) {
		err = x.ask(begin.other(), r, x.receive)
	}
	if err != nil {
		return nil, err
	}
	c.began(races, func() { x.mail.Put(x.schedule) })
	go x.run(races)
	return x.leave, nil
}

func (x *race) run(races bool) {
	defer close(x.left)
	x.timer = time.NewTimer(x.choice.within * 3 / 10)
	if !races {
		x.timer.Stop()
	}
	for {
		select {
		case <-x.leaving:
			x.finish()
			return
		case <-x.mail.Ready():
			for _, do := range x.mail.Take() {
				do()
			}
		case <-x.timer.C:
			x.elapse()
		}
	}
}

// leave ends the connection and waits for that.
func (x *race) leave() {
	close(x.leaving)
	<-x.left
}

// finish gives up everything.
func (x *race) finish() {
	x.phase = finished
	x.timer.Stop()
	for s := range x.contenders {
		x.drop(side(s))
	}
}

// elapse deals with the end of the time set for the phase.
func (x *race) elapse() {
	switch x.phase {
	case alone:
		x.phase = racing
		s := primary
		if x.contenders[primary] != nil {
			s = fallback
		}
		if x.ask(s, x.request, x.receive) != nil {
			x.phase = alone // for good: the timer has no more to do
		}
	case fallen:
		x.try()
	case trying:
		x.giveUp(true)
	}
}

// receive deals with what one side brings.
func (x *race) receive(e *contender, signals []transport.Signal) {
	switch {
	case x.phase == racing:
		x.compete(e, signals)
	case x.phase == trying && e.side == primary:
		x.weigh(e, signals)
	default:
		x.carry(e, signals)
	}
}

// compete deals with what one of two says. The first frame decides, whatever it
// is: a server that refuses, or leaves, says so to both.
func (x *race) compete(e *contender, signals []transport.Signal) {
	for _, s := range signals {
		switch {
		case s.Kind == transport.ConnectionOpened:
			continue
		case s.Kind == transport.ConnectionFailed && x.contenders[e.side.other()] != nil:
			x.choice.failed(e.side)
			x.drop(e.side) // the other may know more
		default:
			x.carry(e, signals)
		}
		return
	}
}

// carry passes on what the side in use says.
func (x *race) carry(e *contender, signals []transport.Signal) {
	ended := false
	for i, s := range signals {
		signals[i].Transport = e.name
		switch {
		case s.Kind == transport.FrameArrived:
			x.follow(e, s.Frame)
			ended = ended || s.Frame.Final()
		case s.Kind == transport.ConnectionFailed:
			if x.fail(e) {
				return
			}
			ended = true
		}
	}
	x.emit(signals...)
	if ended {
		x.finish()
	}
}

// fail deals with the end of the side in use. It reports whether the stream is
// asked instead of a remembered fallback that has brought nothing: the server may
// take no polls any more, and the stream receives the server's answer itself.
func (x *race) fail(e *contender) bool {
	if x.phase >= streaming {
		return false
	}
	x.choice.failed(e.side)
	if x.phase != alone || e.side == primary {
		return false
	}
	x.drop(fallback)
	return x.ask(primary, x.request, x.receive) == nil
}

// follow takes note of a frame of the side in use.
func (x *race) follow(e *contender, f transport.Frame) {
	switch {
	case x.phase < streaming && f.Name == wire.HelloName:
		x.decide(e)
	case x.phase == streaming:
		x.prove(e)
	case x.phase == trying && f.Name == wire.ResetName:
		x.giveUp(false) // the stream on trial goes on from before
	}
	if id := f.Position(); !id.IsZero() && (f.Name == wire.ResetName || id.Epoch() != x.pos.Epoch() || id.Seq() > x.pos.Seq()) {
		x.pos = id
	}
}

// decide ends the race in favour of the side that brought a hello.
func (x *race) decide(e *contender) {
	switch e.side {
	case primary:
		x.choice.won(primary, false)
		x.use(e)
	case fallback:
		x.choice.won(fallback, x.phase == racing)
		x.phase = fallen
		x.schedule()
		if stream := x.contenders[primary]; stream != nil {
			x.phase = trying
			x.timer.Reset(time.Until(stream.since.Add(x.choice.within)))
		}
	}
}

// use makes the stream the one in use.
func (x *race) use(e *contender) {
	x.phase, e.greetedAt = streaming, time.Now()
	x.timer.Stop()
	x.drop(fallback)
}

// prove takes note of a stream that goes on after what it began with.
func (x *race) prove(e *contender) {
	if !e.greetedAt.IsZero() && time.Since(e.greetedAt) >= settlesIn {
		e.greetedAt = time.Time{}
		x.choice.learn(liveStream)
	}
}

// try asks for the stream beside the fallback in use. What it needs for the
// stream to take over is more than a hello, since there is something to lose:
// the stream must go on where the page stands, and bring something else later,
// an event or a heartbeat, no later than the fallback does.
func (x *race) try() {
	x.phase = trying
	x.timer.Reset(x.choice.within)
	x.choice.nextTrial(true)
	if x.ask(primary, x.request.From(x.pos), x.receive) != nil {
		x.giveUp(false)
	}
}

// weigh deals with what a stream on trial says. What comes with the hello, or
// behind what the fallback has brought, proves nothing.
func (x *race) weigh(e *contender, signals []transport.Signal) {
	keepsUp := false
	for i, s := range signals {
		if s.Kind == transport.ConnectionOpened {
			continue
		}
		seq, ok := x.examine(e, s)
		if !ok {
			x.giveUp(false)
			return
		}
		if seq > x.pos.Seq() {
			e.held = append(e.held, s)
		}
		if i == 0 { // as one that has just come by both connections
			keepsUp = seq >= x.pos.Seq()
		}
	}
	if keepsUp && time.Since(e.greetedAt) >= settlesIn {
		x.takeOver(e)
	}
}

// takeOver changes over to a stream that has proved itself. The source sees one
// connection continue: it receives the stream's hello, and what the fallback has not
// brought yet.
func (x *race) takeOver(e *contender) {
	signals := append([]transport.Signal{transport.Opened()}, e.held...)
	x.choice.won(primary, false)
	x.choice.learn(liveStream)
	x.use(e)
	x.carry(e, signals)
}
