package sse_test

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
)

// A faultyLog is a log whose pages can be held back or refused. What a stream
// needs to begin, reads of single events, is not affected.
type faultyLog struct {
	eventlog.Log
	gate  chan struct{} // each page waits for it to be closed; nil: open
	down  atomic.Bool
	pages atomic.Int32
}

func (l *faultyLog) Read(ctx context.Context, from uint64, limit int, topics ...string) (eventlog.Page, error) {
	if limit > 1 {
		l.pages.Add(1)
		if l.down.Load() {
			return eventlog.Page{}, eventlog.ErrUnavailable
		}
		if l.gate != nil {
			select {
			case <-l.gate:
			case <-ctx.Done():
				return eventlog.Page{}, ctx.Err()
			}
		}
	}
	return l.Log.Read(ctx, from, limit, topics...)
}

// Readers that come back to one old position read the log together.
func TestManyReadersAtOneOldPositionShareTheReadsOfTheLog(t *testing.T) {
	onEachPath(t, func(t *testing.T, p path) {
		const readers, events, pageSize = 40, 300, 10
		var log *faultyLog
		gate := make(chan struct{})
		r := newRig(t, config{path: p,
			hub: fanout.Options{MaxEvents: 5, PageSize: pageSize},
			log: func(inner eventlog.Log) eventlog.Log {
				log = &faultyLog{Log: inner, gate: gate}
				return log
			},
		})
		var first event.ID
		for i := range events {
			if id := r.publishSync("a", strconv.Itoa(i)); i == 0 {
				first = id
			}
		}
		streams := make([]*stream, readers)
		for i := range streams {
			streams[i] = r.stream("topic=a&after="+first.String(), "")
			expect(t, "mode", string(streams[i].hello.Mode), "resumed")
		}
		close(gate)
		var all sync.WaitGroup
		for _, s := range streams {
			all.Go(func() {
				for i := 1; i < events; i++ {
					if f := s.next(); f.data != strconv.Itoa(i) {
						t.Errorf("event %d is %q %q", i, f.name, f.data)
						return
					}
				}
			})
		}
		all.Wait()
		if p != fast {
			return // each goes at its own pace, and shares what it can
		}
		// Each by itself they would make 1,200. How many share a page depends on how
		// the machine runs them: on an idle one 31 are made, on a busy one up to 115.
		if n, most := log.pages.Load(), int32(readers*events/pageSize/4); n > most {
			t.Errorf("%d readers of %d pages made %d reads, want at most %d", readers, events/pageSize, n, most)
		}
	})
}

func TestStreamSendsHeartbeatsWhileItsLogIsOutOfReachAndThenGoesOn(t *testing.T) {
	onEachPath(t, func(t *testing.T, p path) {
		var log *faultyLog
		r := newRig(t, config{path: p,
			sse: sse.Options{Heartbeat: 20 * time.Millisecond},
			hub: fanout.Options{MaxEvents: 2},
			log: func(inner eventlog.Log) eventlog.Log {
				log = &faultyLog{Log: inner}
				return log
			},
		})
		var first event.ID
		for i := range 9 {
			if id := r.publishSync("a", strconv.Itoa(i)); i == 0 {
				first = id
			}
		}
		log.down.Store(true)
		s := r.stream("topic=a&after="+first.String(), "")
		for range 3 {
			expect(t, "heartbeat", s.next(), frame{id: first.String(), name: "heartbeat", data: first.String()})
		}
		log.down.Store(false)
		f := s.next()
		for f.name == "heartbeat" {
			f = s.next()
		}
		expect(t, "event", f.data, "1")
		for i := 2; i < 9; {
			if f := s.next(); f.name != "heartbeat" {
				expect(t, "event", f.data, strconv.Itoa(i))
				i++
			}
		}
	})
}

// A hangingLog answers some reads of more than one event, and then none. On
// request it reports that it has lost its first two events.
type hangingLog struct {
	eventlog.Log
	answers atomic.Int32
	purged  atomic.Bool
}

func (l *hangingLog) Read(ctx context.Context, from uint64, limit int, topics ...string) (eventlog.Page, error) {
	if limit > 1 && l.answers.Add(-1) < 0 {
		<-ctx.Done()
		return eventlog.Page{}, ctx.Err()
	}
	if l.purged.Load() && from > 0 && from < 3 {
		return eventlog.Page{}, eventlog.ErrGap
	}
	return l.Log.Read(ctx, from, limit, topics...)
}

func (l *hangingLog) State(ctx context.Context) (eventlog.State, error) {
	state, err := l.Log.State(ctx)
	if l.purged.Load() {
		state.First = 3
	}
	return state, err
}

func TestShutdownDoesNotWaitForALogThatDoesNotAnswer(t *testing.T) {
	for name, answers := range map[string]int32{"in a replay": 0, "in a restart": 1} {
		t.Run(name, func(t *testing.T) {
			onEachPath(t, func(t *testing.T, p path) {
				log := &hangingLog{}
				r := newRig(t, config{path: p, hub: fanout.Options{MaxEvents: 2}, log: func(inner eventlog.Log) eventlog.Log {
					log.Log = inner
					return log
				}})
				first := r.publishSync("a", "1")
				for range 5 {
					r.publishSync("a", "more")
				}
				log.answers.Store(answers)
				log.purged.Store(true)
				r.stream("topic=a&after="+first.String(), "")
				until(t, "the log hangs", func() bool { return log.answers.Load() == -1 })
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				defer cancel()
				// It cuts; on a busy machine what is cut may end later than the 2 s.
				_ = r.handler.Shutdown(ctx)
				if err := r.handler.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}
