package states

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)

// retryPause lies between two tries of something that the log has refused, or
// could not answer.
const retryPause = 250 * time.Millisecond

// errEnded is what reads get after Run.
var errEnded = fault.New(fault.Unavailable, "states are no longer kept")

// Options configure a [States]. The zero value stands for the defaults.
type Options struct {
	// Memory is about how much memory states may take, counted as their JSON.
	// States that have changed since the last checkpoint count, and writing them
	// is then waited for. Default 64 MiB, of which the process has about twice that:
	// Go lets its heap double between collections.
	Memory int
	Logger *slog.Logger // default slog.Default()
}

// States are the states of a kind, one for each topic. Make it with [Open]; its
// methods wait until Run has caught up with the log.
type States[S any] struct {
	kind   state.Kind[S]
	log    eventlog.Log
	logger *slog.Logger
	limit  int
	node   string // names this value among those that write checkpoints
	turns  turns  // of mutations

	superseded sync.Once // to log that a newer release keeps the states

	writing sync.Mutex    // held while checkpoints are written
	record  *record       // as last seen
	overdue chan struct{} // many events are in no checkpoint
	urgent  chan struct{} // very many are
	written time.Time     // when the record last moved, or there was nothing to write
	stuck   time.Time     // until then memory is exceeded; only for what folds

	mu       sync.Mutex
	entries  map[string]*entry[S] // by key
	dirty    map[string]*entry[S] // those that hold something which is in no checkpoint
	types    map[string]string    // descriptions by their fingerprints
	used     recency[S]           // of those that are loaded
	begun    eventlog.State       // what the log was before its tail began
	applied  event.ID             // each event up to it is in its state, or leaves its entry failed
	ready    bool                 // Run has caught up with what the log was when it began
	moved    chan struct{}        // closed and replaced when one of these changes
	covered  uint64               // number that the record has reached
	mine     bool                 // this node has written the record
	arrivals arrivals             // of events
	failed   map[string]error     // by key, why a state cannot be kept or read
	slack    uint64               // how many events may come after it before checkpoints are due
	away     error                // why the log is out of reach
	ended    error                // why Run has ended
}

// Open returns the states of a kind in a log. It reads the kind's record, or writes
// the first, and refuses a type whose checkpoints cannot be read any more, and a
// kind whose topics may have lost events before it was first kept, unless it is
// defined with [state.FromRetained]. It waits for a log that is out of reach until
// ctx ends. One log has at most one States of a kind in a process.
func Open[S any](ctx context.Context, log eventlog.Log, kind state.Kind[S], opts Options) (*States[S], error) {
	s := &States[S]{
		kind: kind, log: log,
		logger: cmp.Or(opts.Logger, slog.Default()).With("kind", kind.Name()),
		limit:  cmp.Or(opts.Memory, 64<<20),
		node:   rand.Text(),

		entries: map[string]*entry[S]{},
		dirty:   map[string]*entry[S]{},
		types:   map[string]string{},
		failed:  map[string]error{},
		moved:   make(chan struct{}),
		overdue: make(chan struct{}, 1),
		urgent:  make(chan struct{}, 1),
	}
	if err := s.open(ctx); err != nil {
		return nil, fmt.Errorf("the states of kind %q: %w", kind.Name(), err)
	}
	return s, nil
}

func (s *States[S]) open(ctx context.Context) error {
	for {
		err := s.readRecord(ctx)
		if !errors.Is(err, eventlog.ErrUnavailable) && !errors.Is(err, eventlog.ErrConflict) {
			return err
		}
		if !wait(ctx, retryPause) {
			return err
		}
	}
}

// wake lets what waits look again. s is locked.
func (s *States[S]) wake() {
	close(s.moved)
	s.moved = make(chan struct{})
}

// end lets reads that wait return.
func (s *States[S]) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = cmp.Or(err, error(errEnded))
	s.wake()
}

// Health returns nil, or why states are not kept up to date.
func (s *States[S]) Health() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return cmp.Or(s.ended, s.away)
}

// wait waits, and reports whether ctx goes on.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
