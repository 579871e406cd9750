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

// usageInterval is the time between two requests for the server's figures.
const usageInterval = time.Second

// A Run is the measurement of one page. Make one with [New].
type Run struct {
	token        string
	measurements map[contract.Kind]*measurement

	mu            sync.Mutex
	clock         clock
	startedAt     time.Time // since the last Start; zero while nothing is measured
	elapsedBefore time.Duration
	failure       error
	drop          Drop
	roundTrip     RoundTrip
	stop          context.CancelFunc // ends the measuring; nil while stopped
	ctx           context.Context    // of the measuring
	running       sync.WaitGroup
}

// New returns a run that measures nothing yet.
func New() *Run {
	r := &Run{token: newToken(), measurements: map[contract.Kind]*measurement{}}
	for _, kind := range Kinds {
		r.measurements[kind] = &measurement{kind: kind}
	}
	return r
}

// newToken returns a random name that cannot be guessed, since it allows to cut
// the connections of its page.
func newToken() string {
	token := ""
	for range 3 {
		token += strconv.FormatUint(1<<63|rand.Uint64(), 36)
	}
	return token
}

// Start opens the connections, once the server's clock has been read. It does
// nothing if the run is started already.
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

// Stop closes the connections. The results stay, and Start goes on from them.
func (r *Run) Stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop == nil {
		return
	}
	r.stop()
	r.stop = nil
	if !r.startedAt.IsZero() {
		r.elapsedBefore += time.Since(r.startedAt)
		r.startedAt = time.Time{}
	}
}

// Wait waits for the goroutines of a stopped run.
func (r *Run) Wait() { r.running.Wait() }

// measure runs from Start to Stop.
func (r *Run) measure(ctx context.Context) {
	tick := time.NewTicker(usageInterval)
	defer tick.Stop()
	for r.readUsage(ctx) != nil { // without the server's clock there are no delays
		if !pause(ctx, tick.C) {
			return
		}
	}
	if !r.begin(ctx) {
		return
	}
	for _, kind := range Kinds {
		r.measurements[kind].open(r.token, r.serverTime)
		defer r.measurements[kind].close()
	}
	for pause(ctx, tick.C) {
		_ = r.readUsage(ctx) // the figures have the error
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

// begin records the start, unless the run has been stopped already.
func (r *Run) begin(ctx context.Context) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ctx.Err() != nil {
		return false
	}
	r.startedAt = time.Now()
	return true
}

// readUsage fetches the server's figures, with a reading of its clock.
func (r *Run) readUsage(ctx context.Context) error {
	sent := time.Now()
	counts, err := command.Call(ctx, contract.GetUsage, contract.Page{Token: r.token})
	received := time.Now()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.failure = shown(err)
		return err
	}
	r.failure = nil
	r.clock.read(sent, received, counts.At)
	for kind, m := range r.measurements {
		if c, known := counts.Transports[kind]; known {
			m.setUsage(c)
		}
	}
	return nil
}

// shown returns an error that users can be shown.
func shown(err error) error {
	if refused, known := fault.From(err); known {
		return refused
	}
	return fault.New(fault.Unreachable, "the server cannot be reached")
}

func (r *Run) serverTime() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Now().Add(r.clock.offset)
}

// Figures returns everything that was measured so far.
func (r *Run) Figures() *Figures {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	f := &Figures{
		Elapsed: r.elapsedBefore, ClockError: r.clock.uncertainty, NoEventSource: noEventSource(), Failure: r.failure,
		Drop: r.drop, RoundTrip: r.roundTrip, Results: map[contract.Kind]*Result{},
	}
	if !r.startedAt.IsZero() {
		f.Elapsed += now.Sub(r.startedAt)
	}
	for kind, m := range r.measurements {
		f.Results[kind] = m.result(now, r.clock.offset)
	}
	return f
}

// experiment runs fn beside the measuring, unless there is none or the experiment
// is running. It ends, at the latest, when the connections are closed.
func (r *Run) experiment(stage func() *Stage, fn func(context.Context)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.startedAt.IsZero() || *stage() == Running {
		return
	}
	*stage() = Running
	ctx := r.ctx
	r.running.Go(func() { fn(ctx) })
}
