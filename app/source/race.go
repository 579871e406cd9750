package source

import (
	"slices"
	"time"

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
	request Request
	emit    func(...Signal)
	mail    *mailbox
	timer   *time.Timer
	leaving chan struct{} // closed by leave
	left    chan struct{} // closed by the goroutine

	phase      racePhase
	contenders [2]*contender // by side; nil unless it is asked
	pos        event.ID      // that the source was told up to
}

// A racePhase is what a race is doing.
type racePhase uint8

const (
	alone     racePhase = iota // one transport is asked, and has brought nothing
	racing                     // so are both
	streaming                  // the stream is in use
	fallen                     // the fallback is in use
	trying                     // so it is, and the stream is asked beside it
	finished                   // the connection has ended, as the source was told
)

// A contender is one transport's connection.
type contender struct {
	side    side
	name    string // of its transport
	release func()
	since   time.Time // when it was asked
	held    []Signal  // of a stream on trial: what the source was not told
	heard   time.Time // when its hello came, on trial
}

func newRace(c *choice, r Request, emit func(...Signal)) *race {
	return &race{
		choice: c, request: r, emit: emit, mail: newMailbox(), pos: r.position(),
		leaving: make(chan struct{}), left: make(chan struct{}),
	}
}

// ask opens the connection of one side.
func (x *race) ask(s side, r Request) error {
	e := &contender{side: s, since: time.Now()}
	x.contenders[s] = e // first: a transport may be fast
	release, name, err := x.choice.dial(s, x.phase == alone, r, func(signals ...Signal) {
		copied := slices.Clone(signals)
		x.mail.put(func() {
			if x.contenders[s] == e {
				x.hear(e, copied)
			}
		})
	})
	if err != nil {
		x.contenders[s] = nil
		return err
	}
	e.release, e.name = release, name
	return nil
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
		case <-x.mail.poke:
			for _, do := range x.mail.take() {
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

// drop gives up one side.
func (x *race) drop(s side) {
	if e := x.contenders[s]; e != nil {
		x.contenders[s] = nil
		e.release()
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
		if x.ask(s, x.request) != nil {
			x.phase = alone // for good: the timer has no more to do
		}
	case fallen:
		x.try()
	case trying:
		x.giveUp(true)
	}
}

// hear deals with what one side says.
func (x *race) hear(e *contender, signals []Signal) {
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
func (x *race) compete(e *contender, signals []Signal) {
	for _, s := range signals {
		switch {
		case s.Kind == ConnectionOpened:
			continue
		case s.Kind == ConnectionFailed && x.contenders[e.side.other()] != nil:
			x.choice.failed(e.side)
			x.drop(e.side) // the other may know more
		default:
			x.carry(e, signals)
		}
		return
	}
}

// carry passes on what the side in use says.
func (x *race) carry(e *contender, signals []Signal) {
	ended := false
	for i, s := range signals {
		signals[i].Transport = e.name
		switch {
		case s.Kind == FrameArrived:
			x.follow(e, s.Frame)
			ended = ended || final(s.Frame)
		case s.Kind == ConnectionFailed:
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
// take no polls any more, and the stream hears for itself what the server says.
func (x *race) fail(e *contender) bool {
	if x.phase >= streaming {
		return false
	}
	x.choice.failed(e.side)
	if x.phase != alone || e.side == primary {
		return false
	}
	x.drop(fallback)
	return x.ask(primary, x.request) == nil
}

// follow takes note of a frame of the side in use.
func (x *race) follow(e *contender, f Frame) {
	switch {
	case x.phase < streaming && f.Name == wire.HelloName:
		x.decide(e)
	case x.phase == streaming:
		x.prove(e)
	case x.phase == trying && f.Name == wire.ResetName:
		x.giveUp(false) // the stream on trial goes on from before
	}
	id, err := event.ParseID(f.LastEventID)
	if err == nil && (f.Name == wire.ResetName || id.Epoch() != x.pos.Epoch() || id.Seq() > x.pos.Seq()) {
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
	x.phase, e.heard = streaming, time.Now()
	x.timer.Stop()
	x.drop(fallback)
}

// prove takes note of a stream that goes on after what it began with.
func (x *race) prove(e *contender) {
	if !e.heard.IsZero() && time.Since(e.heard) >= settlesIn {
		e.heard = time.Time{}
		x.choice.learn(liveStream)
	}
}
