package source

import (
	"cmp"
	"encoding/json"
	"slices"
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

// weigh deals with what a stream on trial says.
func (x *race) weigh(e *contender, signals []Signal) {
	arrived, keepsUp := false, false
	for _, s := range signals {
		switch {
		case s.Kind == ConnectionOpened:
		case s.Kind == ConnectionFailed, e.heard.IsZero() && !x.welcomes(s.Frame),
			!e.heard.IsZero() && !x.continuedBy(s.Frame):
			x.giveUp(false)
			return
		case e.heard.IsZero():
			e.heard = time.Now()
			e.held = append(e.held, s)
		default:
			keepsUp = keepsUp || !arrived && x.lead(s.Frame) >= 0
			arrived = true
			e.held = append(e.held, s)
		}
	}
	if e.heard.IsZero() {
		return
	}
	e.held = append(e.held[:1], slices.DeleteFunc(e.held[1:], func(s Signal) bool { return x.lead(s.Frame) <= 0 })...)
	if keepsUp && time.Since(e.heard) >= settlesIn {
		x.takeOver(e)
	}
}

// welcomes reports whether a stream on trial begins with a hello that leaves no
// gap after the position, and gives it time to prove itself.
func (x *race) welcomes(f Frame) bool {
	var hello wire.Hello
	id, _ := event.ParseID(f.LastEventID)
	if f.Name != wire.HelloName || json.Unmarshal([]byte(f.Data), &hello) != nil ||
		hello.Mode == wire.Reset || x.pos.IsZero() || !continues(hello, id, x.pos) {
		return false
	}
	limit := patience(hello)
	if limit == 0 {
		limit = x.choice.within
	}
	x.timer.Reset(limit)
	return true
}

// continuedBy reports whether a stream on trial can still take over after a
// frame: it is an event or a heartbeat of the same log.
func (x *race) continuedBy(f Frame) bool {
	if slices.Contains(wire.Names, f.Name) && f.Name != wire.BeatName {
		return false
	}
	id, err := event.ParseID(f.LastEventID)
	return err != nil || id.Epoch() == x.pos.Epoch()
}

// lead returns whether a frame is ahead of the position (1), at it (0) as one is
// that has just come by both connections, or behind it (-1). A frame without an
// id is at it.
func (x *race) lead(f Frame) int {
	id, err := event.ParseID(f.LastEventID)
	if err != nil {
		return 0
	}
	return cmp.Compare(id.Seq(), x.pos.Seq())
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
