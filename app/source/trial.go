package source

import (
	"math"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

const (
	// firstTrial and lastTrial are the times between two trials of the stream
	// beside a fallback in use: they double from the one to the other, and up to
	// half as much is added at random.
	firstTrial = time.Minute
	lastTrial  = time.Hour
	// settlesIn is how long after its hello a stream is only beginning: what comes
	// by then may be what filled the buffer of a proxy.
	settlesIn = time.Second
)

// A trialPlan says when the stream is tried again beside the fallback. It
// outlives connections.
type trialPlan struct {
	made int
	due  time.Time // zero if nothing is planned
}

// next plans the next trial, if none is.
func (p *trialPlan) next(random float64) time.Time {
	if !p.due.IsZero() {
		return p.due
	}
	span := Backoff{Min: firstTrial, Max: lastTrial}.span(p.made + 1)
	p.due = time.Now().Add(span + time.Duration(random*float64(span/2)))
	return p.due
}

// hurry brings the next trial forward, to within two seconds, and those after it.
func (p *trialPlan) hurry(random float64) {
	if !p.due.IsZero() {
		*p = trialPlan{due: time.Now().Add(time.Duration(random * float64(2*time.Second)))}
	}
}

// schedule sets the timer to the next trial.
func (x *race) schedule() {
	if x.phase == fallen {
		x.timer.Reset(x.choice.nextTrial(false))
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
	if x.ask(primary, x.request.from(x.pos)) != nil {
		x.giveUp(false)
	}
}

// giveUp ends a trial that failed. One in which nothing came in time has found
// once more that the stream is held back.
func (x *race) giveUp(silent bool) {
	x.drop(primary)
	if silent {
		x.choice.learn(heldBack)
	}
	x.phase = fallen
	x.schedule()
}

// weigh deals with what a stream on trial says. What comes with the hello, or
// behind what the fallback has brought, proves nothing.
func (x *race) weigh(e *contender, signals []Signal) {
	keepsUp := false
	for i, s := range signals {
		if s.Kind == ConnectionOpened {
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
	if keepsUp && time.Since(e.heard) >= settlesIn {
		x.takeOver(e)
	}
}

// examine reports whether a stream on trial can still take over after a signal,
// and the number of its frame. A hello is ahead of all.
func (x *race) examine(e *contender, s Signal) (seq uint64, ok bool) {
	f := &s.Frame
	id, err := event.ParseID(f.LastEventID)
	switch {
	case s.Kind == ConnectionFailed:
		return 0, false
	case e.heard.IsZero():
		hello := helloOf(*f)
		if hello == nil || hello.Mode == wire.Reset || x.pos.IsZero() || !continues(hello, id, x.pos) {
			return 0, false
		}
		e.heard = time.Now()
		x.timer.Reset(max(patience(hello), x.choice.within))
		return math.MaxUint64, true
	case f.Name == wire.HelloName, f.Name == wire.ResetName, final(*f):
		return 0, false
	}
	return id.Seq(), err != nil || id.Epoch() == x.pos.Epoch() // without an id it is a sign of life
}

// takeOver changes over to a stream that has proved itself. The source sees one
// connection go on: it is told the stream's hello, and what the fallback has not
// brought yet.
func (x *race) takeOver(e *contender) {
	signals := append([]Signal{{Kind: ConnectionOpened, ReadyState: ReadyOpen}}, e.held...)
	x.choice.won(primary, false)
	x.choice.learn(liveStream)
	x.use(e)
	x.carry(e, signals)
}
