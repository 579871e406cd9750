package live

import (
	"context"
	"net/http"
	"sync"

	"github.com/seawaykit/seaway/server/eventlog"
)

// A background is the set of goroutines that run beside the requests, from the
// first use until the end.
type background struct {
	mu      sync.Mutex
	begun   bool
	ended   bool
	pending []func(context.Context) // given before the start
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup
	failed  chan error // has the reason when the hub of the streams or a kind has ended
}

// start starts the background goroutines, once.
func (s *Server) start() {
	l := &s.background
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.begun || l.ended {
		return
	}
	l.begun = true
	l.ctx, l.cancel = context.WithCancel(eventlog.WithTracer(context.Background(), s.opts.Tracer))
	l.failed = make(chan error, 2+len(s.kinds))
	l.running.Go(func() { l.failed <- s.streams.Run(l.ctx) })
	l.running.Go(func() { s.reportForeign(l.ctx) })
	l.running.Go(func() { s.streams.Subscribe(l.ctx, s.revocations()) })
	if len(s.kinds) > 0 {
		l.running.Go(func() { l.failed <- s.keepStates(l.ctx) })
	}
	for _, fn := range l.pending {
		l.running.Go(func() { fn(l.ctx) })
	}
	l.pending = nil
}

// Go runs fn in a goroutine beside the server: from its start, or at once if it
// has started, until everything else has ended. Then its ctx ends, and the
// server waits for fn to return. Use it for code that publishes by itself, such
// as a clock.
func (s *Server) Go(fn func(ctx context.Context)) {
	l := &s.background
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.ended:
	case l.begun:
		l.running.Go(func() { fn(l.ctx) })
	default:
		l.pending = append(l.pending, fn)
	}
}

// stop ends the background goroutines, and waits for them.
func (s *Server) stop() {
	l := &s.background
	l.mu.Lock()
	l.ended = true
	if l.begun {
		l.cancel()
	}
	l.mu.Unlock()
	l.running.Wait()
}

// Shutdown gracefully ends a Server that is served by its [Server.Handler]: each stream
// is sent its bye, requests under way finish, and then the goroutines beside them end.
// It returns nil when all that is done, or ctx's error if streams or requests are left,
// which closing the caller's http.Server cuts. Run and Serve do this by themselves.
func (s *Server) Shutdown(ctx context.Context) error {
	err := s.drain(ctx)
	s.stop()
	return err
}

// drain ends the streams and waits for the requests.
func (s *Server) drain(ctx context.Context) error {
	s.draining.begin()
	if err := s.streams.Shutdown(ctx); err != nil {
		return err
	}
	return s.requests.wait(ctx)
}

// A draining is whether a server has begun to shut down.
type draining struct {
	begun chan struct{} // closed when it has
	begin func()
}

func newDraining() draining {
	begun := make(chan struct{})
	return draining{begun, sync.OnceFunc(func() { close(begun) })}
}

func (d draining) hasBegun() bool {
	select {
	case <-d.begun:
		return true
	default:
		return false
	}
}

// requests counts the requests under way.
type requests struct {
	mu     sync.Mutex
	active int
	none   chan struct{} // closed when active is 0 again; nil if no caller waits
}

// count counts the requests of h. A stream of the fast path is not among them:
// the shutdown of the streams waits for those.
func (q *requests) count(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q.add(1)
		defer q.add(-1)
		h.ServeHTTP(w, r)
	})
}

func (q *requests) add(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.active += n; q.active == 0 && q.none != nil {
		close(q.none)
		q.none = nil
	}
}

// wait returns when there are no requests, or ctx's error.
func (q *requests) wait(ctx context.Context) error {
	q.mu.Lock()
	if q.active == 0 {
		q.mu.Unlock()
		return nil
	}
	if q.none == nil {
		q.none = make(chan struct{})
	}
	none := q.none
	q.mu.Unlock()
	select {
	case <-none:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
