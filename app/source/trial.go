package source

import (
	"math"
	"time"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/wire"
)

// settlesIn is how long after its hello a stream is only beginning: what comes
// by then may be what filled the buffer of a proxy.
const settlesIn = time.Second

// schedule sets the timer to the next trial.
func (x *race) schedule() {
	if x.phase == fallen {
		x.timer.Reset(x.choice.nextTrial(false))
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

// examine reports whether a stream on trial can still take over after a signal,
// and the number of its frame. A hello is ahead of all.
func (x *race) examine(e *contender, s transport.Signal) (seq uint64, ok bool) {
	f := s.Frame
	id := f.Position()
	switch {
	case s.Kind == transport.ConnectionFailed:
		return 0, false
	case e.greetedAt.IsZero():
		hello := f.Hello()
		if hello == nil || hello.Mode == wire.Reset || x.pos.IsZero() || !continues(hello, id, x.pos) {
			return 0, false
		}
		e.greetedAt = time.Now()
		x.timer.Reset(max(heartbeatTimeout(hello), x.choice.within))
		return math.MaxUint64, true
	case f.Name == wire.HelloName, f.Name == wire.ResetName, f.Final():
		return 0, false
	}
	return id.Seq(), id.IsZero() || id.Epoch() == x.pos.Epoch() // without an id it is a sign of life
}
