package source

import (
	"errors"
	"sync"
	"time"

	"github.com/seawaykit/seaway/app/transport"
)

// maxRaces is how many tries in a row are races of both transports although
// neither brings anything. A server that does not answer is then asked over one
// connection a try, in turn by either transport, until something comes again.
const maxRaces = 2

// maxFailures is how often in a row the fallback may fail for a connection to
// begin with it still.
const maxFailures = 2

// A choice is a transport made of two: the one that was asked for and the
// fallback. Proxies that hold back an answer until it has ended make every stream
// hang, and nothing but the lack of a hello shows it; so does a slow network or a
// server that starts. Hence each connection is a [race], and what the race finds
// is remembered for the origin, so that the next page begins with what works.
//
// A nil choice is that of a source without a fallback.
type choice struct {
	within time.Duration // Options.HelloWithin
	random func() float64

	mu         sync.Mutex             // guards what follows: the source, its races and its tabs use it
	transports [2]transport.Transport // by side; nil if the platform lacks it
	memory     memory
	asked      transport.Transport // began the newest race, or is going to, or was the last in it to fail
	wake       func()              // has the newest race look at the plan of trials
	detour     bool                // something that is not a missing hello speaks for the fallback
	proven     bool                // the stream in use brought more than what it began with
	silent     int                 // tries in a row that brought nothing in time
	turns      int                 // connections that were no races
	failures   int                 // of the fallback in a row, before its hello
	trial      trialPlan
}

// A side is one of the two transports of a choice.
type side uint8

const (
	primary side = iota
	fallback
)

func (s side) other() side { return 1 - s }

func newChoice(o Options) *choice {
	if o.Fallback == nil {
		return nil
	}
	c := &choice{
		within: o.HelloWithin, random: o.Rand, transports: [2]transport.Transport{o.Transport, o.Fallback},
		memory: memory{storage: o.OriginStorage, key: o.transportKey()}, wake: func() {},
	}
	begin, _ := c.plan()
	c.asked = c.transports[begin]
	return c
}

// plan returns the transport that the next connection begins with, and whether
// the other joins if that one is slow.
func (c *choice) plan() (begin side, races bool) {
	c.mu.Lock()
	if c.transports[fallback] != nil && c.failures < maxFailures && (c.detour || c.memory.holds()) {
		begin = fallback
	}
	races = c.silent < maxRaces
	if !races && c.turns%2 == 1 {
		begin = begin.other()
	}
	c.mu.Unlock()
	return begin, races
}

// began takes note of the newest race.
func (c *choice) began(races bool, wake func()) {
	c.mu.Lock()
	c.wake = wake
	if !races {
		c.turns++
	}
	c.mu.Unlock()
}

// dial opens a connection by the transport of one side, with which a race begins
// or which joins it. One that the platform lacks is never tried again.
func (c *choice) dial(s side, begins bool, r transport.Request, emit func(...transport.Signal)) (release func(), name string, err error) {
	c.mu.Lock()
	t := c.transports[s]
	c.mu.Unlock()
	if t == nil {
		return nil, "", transport.ErrUnsupported
	}
	release, err = t.Open(r, emit)
	c.mu.Lock()
	if errors.Is(err, transport.ErrUnsupported) {
		c.transports[s] = nil
	} else if begins {
		c.asked = t
	}
	c.mu.Unlock()
	return release, transport.Name(t), err
}

// Name is that of the transport that the newest connection began with, or that
// the first one is going to begin with.
func (c *choice) Name() string { return transport.Name(c.latest()) }

func (c *choice) Target(stream string) string { return transport.Target(c.latest(), stream) }

func (c *choice) latest() transport.Transport {
	c.mu.Lock()
	t := c.asked
	c.mu.Unlock()
	return t
}

// A clue is something that happened to a connection and says which transport the
// next one should have.
type clue uint8

const (
	noHello    clue = iota // the try ended because nothing came in time
	progress               // something came, were it the end
	obstacle               // the try ended at once, although the server would have taken it
	muteStream             // the stream fell silent
	liveStream             // the stream brought more than what it began with
	heldBack               // nothing came of the stream, beside a fallback in use
	network                // it may be another one now
)

// learn takes note of a clue.
func (c *choice) learn(what clue) {
	if c == nil {
		return
	}
	c.mu.Lock()
	switch what {
	case noHello:
		c.silent++
	case progress:
		c.silent = 0
	case obstacle:
		c.detour = true // whatever is in the way, another transport may get past
	case muteStream: // what fills a proxy's buffer comes through, and the rest is held back
		c.detour = c.detour || !c.proven
	case liveStream:
		c.proven = true
	case heldBack:
		c.memory.remember()
	case network:
		c.trial.hurry(c.random())
		c.wake()
	}
	c.mu.Unlock()
}

// failed takes note of a transport that failed before its hello.
func (c *choice) failed(s side) {
	c.mu.Lock()
	c.asked = c.transports[s] // where a probe asks why
	if s == fallback {
		c.failures++
	}
	c.mu.Unlock()
}

// won takes note of the transport that brought a hello. raced says that the
// other one was asked in vain.
func (c *choice) won(s side, raced bool) {
	c.mu.Lock()
	c.failures = 0
	if s == primary {
		c.detour, c.proven, c.trial = false, false, trialPlan{}
		c.memory.forget()
	} else if raced || c.detour || c.silent > 0 {
		c.memory.remember()
	}
	c.mu.Unlock()
}

// nextTrial returns when the stream is tried again beside the fallback. made says
// that one is being made.
func (c *choice) nextTrial(made bool) time.Duration {
	c.mu.Lock()
	if made {
		c.trial = trialPlan{made: c.trial.made + 1}
	}
	at := c.trial.next(c.random())
	if c.transports[primary] == nil {
		at = time.Now().Add(memoryLasts)
	}
	c.mu.Unlock()
	return time.Until(at)
}
