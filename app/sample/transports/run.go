package transports

import (
	"context"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// askEvery is the time between two questions for the server's figures.
const askEvery = time.Second

// A Run is one page's measuring. Make one with [New].
type Run struct {
	token string
	lanes map[contract.Kind]*lane

	mu      sync.Mutex
	clock   clock
	begun   time.Time // of the present stretch; zero while nothing is measured
	before  time.Duration
	failure string
	drop    Drop
	talk    Talk
	stop    context.CancelFunc // ends the stretch; nil outside of one
	ctx     context.Context    // of the stretch
	running sync.WaitGroup
}

// New returns a run that measures nothing yet.
func New() *Run {
	r := &Run{token: newToken(), lanes: map[contract.Kind]*lane{}}
	for _, kind := range Kinds {
		r.lanes[kind] = &lane{kind: kind}
	}
	return r
}

// newToken returns a name that nobody guesses: it lets one cut the lanes of the
// page that has it, and no more.
func newToken() string {
	token := ""
	for range 3 {
		token += strconv.FormatUint(1<<63|rand.Uint64(), 36)
	}
	return token
}

// Start opens the lanes, once the server's clock has been read. It does nothing
// between another Start and its Stop.
func (r *Run) Start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.ctx, r.stop = ctx, cancel
	r.running.Go(func() { r.measure(ctx) })
}

// Stop closes the lanes. What was measured stays, and Start goes on.
func (r *Run) Stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop == nil {
		return
	}
	r.stop()
	r.stop = nil
	if !r.begun.IsZero() {
		r.before += time.Since(r.begun)
		r.begun = time.Time{}
	}
}

// Wait returns when nothing of what was stopped is left.
func (r *Run) Wait() { r.running.Wait() }

// measure is one stretch, from Start to Stop.
func (r *Run) measure(ctx context.Context) {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for r.ask(ctx) != nil { // without a clock there are no delays
		if !pause(ctx, tick.C) {
			return
		}
	}
	if !r.begin(ctx) {
		return
	}
	for _, kind := range Kinds {
		r.lanes[kind].open(r.token, r.serverTime)
		defer r.lanes[kind].close()
	}
	for pause(ctx, tick.C) {
		_ = r.ask(ctx) // the figures say so if it fails
	}
}

func pause(ctx context.Context, tick <-chan time.Time) bool {
	select {
	case <-tick:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// begin starts the time, unless the stretch has been stopped already.
func (r *Run) begin(ctx context.Context) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ctx.Err() != nil {
		return false
	}
	r.begun = time.Now()
	return true
}

// ask gets the server's figures and a reading of its clock.
func (r *Run) ask(ctx context.Context) error {
	sent := time.Now()
	counts, err := command.Call(ctx, contract.CountLanes, contract.Page{Token: r.token})
	received := time.Now()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.failure = words(err)
		return err
	}
	r.failure = ""
	r.clock.read(sent, received, counts.At)
	for kind, l := range r.lanes {
		if c, known := counts.Lanes[kind]; known {
			l.cost(c)
		}
	}
	return nil
}

// words says for people why a question was not answered.
func words(err error) string {
	if refused, told := fault.From(err); told {
		return refused.Message
	}
	return "the server cannot be reached"
}

func (r *Run) serverTime() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Now().Add(r.clock.offset)
}

// Figures returns all that was measured so far.
func (r *Run) Figures() *Figures {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	f := &Figures{
		Running: r.before, Within: r.clock.within, Mute: mute(), Failure: r.failure,
		Drop: r.drop, Talk: r.talk, Lanes: map[contract.Kind]*Lane{},
	}
	if !r.begun.IsZero() {
		f.Running += now.Sub(r.begun)
	}
	for kind, l := range r.lanes {
		f.Lanes[kind] = l.figures(now, r.clock.offset)
	}
	return f
}

// experiment runs fn beside the lanes, unless there are none or the stage says
// that it is being run. It is over, at the latest, when the lanes are closed.
func (r *Run) experiment(stage func() *Stage, fn func(context.Context)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.begun.IsZero() || *stage() == Trying {
		return
	}
	*stage() = Trying
	ctx := r.ctx
	r.running.Go(func() { fn(ctx) })
}
