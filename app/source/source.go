package source

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/seawaykit/seaway/app/internal/queue"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

var (
	// ErrNoTopics says that [Options] name no topic to follow.
	ErrNoTopics = errors.New("source: no topics to follow")
	// ErrStarted says that Start came a second time, or after Close.
	ErrStarted = errors.New("source: a source starts once, and not after Close")
)

// maxOrders bounds what callers can pile up while a function of the page does not
// return. The oldest orders are dropped: the newest say how things are.
const maxOrders = 64

// A Source follows topics. Make one with [New], say what to call, then Start.
type Source struct {
	opts      Options
	choice    *choice // nil without a fallback
	transport transport.Transport

	// What to call. Fixed by Start.
	handlers map[string][]func(event.Meta, []byte) error // by event type
	uses     []string                                    // the types given to On
	onReset  []func(wire.ResetInfo)
	onState  []func(State)
	onError  []func(error)
	onBatch  []func()
	onTrace  []func(Trace)

	// How others reach the goroutine. None of them waits: it may be a callback of
	// the browser's.
	inbox   *inbox
	orders  *queue.Queue
	loop    *loop         // its own once started
	closing chan struct{} // closed by Close
	done    chan struct{} // closed by the goroutine that ends last

	mu      sync.Mutex // guards what follows
	started bool
	closed  bool
	wanted  []string // all topics that Follow and Unfollow have left
	topics  []string // those that the position covers
	changes []change // that the goroutine has not dealt with
	state   State    // written by the goroutine alone once started
}

// New returns a source that is not started. It keeps opts.Topics.
func New(opts Options) *Source {
	opts = opts.withDefaults()
	choice := newChoice(opts)
	return &Source{
		opts:      opts,
		choice:    choice,
		transport: opts.connection(choice),
		handlers:  map[string][]func(event.Meta, []byte) error{},
		inbox:     newInbox(),
		orders:    queue.New(maxOrders),
		closing:   make(chan struct{}),
		done:      make(chan struct{}),
		wanted:    slices.Clone(opts.Topics),
		topics:    slices.Clone(opts.Topics),
		state:     State{Position: opts.After},
	}
}

// On registers fn for events of type t, including events in an older form, which
// [event.Upcast] converts. Several functions of one type are called in the order in
// which they were registered. On panics after Start, and
// if t was not made by [event.Define].
func On[T any](s *Source, t event.Type[T], fn func(event.Of[T])) {
	if t.Name() == "" {
		panic("source: On: " + event.ErrUndefined.Error())
	}
	s.OnPayload(t.Name(), t.Forms(), func(form string, m event.Meta, data []byte) error {
		of, err := t.DecodeForm(form, m, data)
		if err == nil {
			fn(of)
		}
		return err
	})
}

// OnReset registers fn for resets: all that the page has received is void. The retained
// events follow, as on a fresh start.
func (s *Source) OnReset(fn func(wire.ResetInfo)) {
	s.configure(func() { s.onReset = append(s.onReset, fn) })
}

// OnState has fn called with each new state, beginning with [Connecting] and
// ending with [Closed]. A change of the position alone is not a new state.
func (s *Source) OnState(fn func(State)) {
	s.configure(func() { s.onState = append(s.onState, fn) })
}

// OnError has fn called with each frame that could not be understood, as an
// [*event.DecodeError], and with topics that were refused, as a [*FollowError]. The
// stream goes on. Without any OnError such errors go
// to standard error, which is a browser's console.
func (s *Source) OnError(fn func(error)) {
	s.configure(func() { s.onError = append(s.onError, fn) })
}

// OnBatch registers fn to be called after functions given to On or OnReset have been
// called and nothing more is at hand, and before and after the retained events of
// topics given to Follow: at once after the first of them, and then at most once in
// Options.Pace. A page that renders here, instead of at each event, renders once a
// frame of the screen however long a burst is.
func (s *Source) OnBatch(fn func()) {
	s.configure(func() { s.onBatch = append(s.onBatch, fn) })
}

func (s *Source) configure(add func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.started {
		panic("source: On functions are given before Start")
	}
	add()
}

// Start opens the first connection and starts the source's goroutine, which
// Close ends. The error is [transport.ErrUnsupported], [ErrNoTopics], an
// [*event.NameError] for a bad topic, what is wrong with the URL, or
// [ErrStarted]. After any but the last the source is Closed.
func (s *Source) Start() error {
	s.mu.Lock()
	refused := s.started || s.closed
	s.started = true
	s.mu.Unlock()
	if refused {
		return ErrStarted
	}
	l, err := newLoop(s)
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.state = State{Phase: Closed, Reason: Reason{Text: err.Error()}, Position: s.state.Position}
		close(s.done)
		return fmt.Errorf("start a source: %w", err)
	}
	s.loop = l
	go l.run()
	return nil
}

// Close ends the source. It does not wait: see Done.
func (s *Source) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.closed = true
	close(s.closing)
	if !s.started { // there is no loop that will
		s.state.Phase = Closed
		close(s.done)
	}
}

// order has something done on the source's goroutine, once that has begun.
func (s *Source) order(do func(*loop)) {
	s.orders.Put(func() { do(s.loop) })
}

// Done is closed when the source has ended and has left nothing behind.
func (s *Source) Done() <-chan struct{} { return s.done }

// State returns the present state.
func (s *Source) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// RetryNow tries to connect at once, whatever the server asked for: it is meant
// for a user's click. It works in [Waiting], [Offline], [Refused], [Stale]
// and [Incompatible], and does nothing in other phases.
func (s *Source) RetryNow() {
	s.order((*loop).retryNow)
}
