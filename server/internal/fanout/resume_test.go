package fanout_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

func inBubble(t *testing.T, fn func(t *testing.T)) { synctest.Test(t, fn) }

// Each case is decided both in the ring and, with a small one, by the log.
func TestResumeDecisions(t *testing.T) {
	for _, ringSize := range []int{1000, 3} {
		r := newRig(t, eventlog.NewMemory(eventlog.Retention{MaxEvents: 20}), fanout.Options{MaxEvents: ringSize, Window: 3})
		r.publishMany("a", 1, 30) // 11 to 30 are retained
		epoch := r.ids[0].Epoch()
		for _, tc := range []struct {
			name  string
			after event.ID
			want  string
		}{
			{"the head", r.ids[29], "resumed : "},
			{"in the middle", r.ids[14], "resumed : " + count("a", 16, 30)},
			{"the oldest retained", r.ids[10], "resumed : " + count("a", 12, 30)},
			{"another event's number", event.NewID(epoch, 15, "other key"), "reset tag: " + count("a", 28, 30)},
			{"another log", event.NewID("elsewhere", 15, "k"), "reset epoch: " + count("a", 28, 30)},
			{"ahead of this node", event.NewID(epoch, 31, "k"), "reset ahead: " + count("a", 28, 30)},
			{"the position at the head", event.Position(epoch, 30), "resumed : "},
			{"a position in the middle", event.Position(epoch, 15), "resumed : " + count("a", 16, 30)},
		} {
			rd := r.open(fanout.Start{After: tc.after}, "a")
			got := fmt.Sprintf("%s %s: %s", rd.Mode, rd.Reason, rd.read())
			expect(t, fmt.Sprintf("%s, ring of %d", tc.name, ringSize), got, tc.want)
			if again := r.open(fanout.Start{After: rd.Opening.Position}, "a"); again.Mode != "resumed" {
				t.Errorf("%s: the opening's own position %s is not resumed from, but %s", tc.name, rd.Opening.Position, again.Mode)
			}
		}
	}
}

func TestPurgedPositionIsResetUnlessTheRingStillProvesIt(t *testing.T) {
	for _, tc := range []struct {
		ring int
		want string
	}{{3, "reset purged"}, {1000, "resumed "}} {
		r := newRig(t, eventlog.NewMemory(eventlog.Retention{MaxEvents: 20}), fanout.Options{MaxEvents: tc.ring})
		r.publishMany("a", 1, 30)
		rd := r.open(fanout.Start{After: r.ids[4]}, "a")
		expect(t, fmt.Sprint("ring of ", tc.ring), string(rd.Mode)+" "+string(rd.Reason), tc.want)
	}
}

func TestEventAheadOfThisNodeIsWaitedFor(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{})
		r.publish("a", "1")
		next := event.NewID(r.ids[0].Epoch(), 2, "second")
		opened := make(chan *reader)
		go func() { opened <- r.open(fanout.Start{After: next}, "a") }()
		synctest.Wait() // until Open waits as well
		if id := r.publish("a", "2", event.Key("second")); id != next {
			t.Fatalf("the log gave id %s, want %s", id, next)
		}
		if rd := <-opened; rd.Mode != "resumed" {
			t.Errorf("mode %s, want resumed", rd.Mode)
		}
	})
}

func TestReaderWhoseEventsWerePurgedIsLostAndRestarts(t *testing.T) {
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{MaxEvents: 10}), fanout.Options{MaxEvents: 4})
	slow := r.open(fanout.Start{}, "a")
	r.publishMany("a", 1, 50)
	if got, err := slow.tryRead(); got != "" || !errors.Is(err, fanout.ErrLost) {
		t.Fatalf("read %q, %v; want nothing and ErrLost", got, err)
	}
	at, err := slow.Restart(t.Context(), 3)
	if err != nil || at.Mode != "reset" || at.Reason != "purged" {
		t.Fatalf("Restart: %+v, %v", at, err)
	}
	expect(t, "after the restart", slow.read(), count("a", 48, 50))
}

// A switchLog can be replaced by another under its users, as a stream on a
// server that an operator wiped is.
type switchLog struct {
	eventlog.Values // none are used

	mu      sync.Mutex
	log     eventlog.Log
	changed chan struct{}
	broken  error
}

func (s *switchLog) now() (eventlog.Log, chan struct{}, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log, s.changed, s.broken
}

func (s *switchLog) set(log eventlog.Log, broken error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log, s.broken = log, broken
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *switchLog) Append(ctx context.Context, d event.Draft) (event.ID, error) {
	log, _, _ := s.now()
	return log.Append(ctx, d)
}

func (s *switchLog) AppendAll(ctx context.Context, drafts []event.Draft) ([]event.ID, error) {
	log, _, _ := s.now()
	return log.AppendAll(ctx, drafts)
}

func (s *switchLog) Read(ctx context.Context, from uint64, limit int, topics ...string) (eventlog.Page, error) {
	log, _, err := s.now()
	if err != nil {
		return eventlog.Page{}, err
	}
	return log.Read(ctx, from, limit, topics...)
}

func (s *switchLog) State(ctx context.Context) (eventlog.State, error) {
	log, _, err := s.now()
	if err != nil {
		return eventlog.State{}, err
	}
	return log.State(ctx)
}

func (s *switchLog) Tail(ctx context.Context, from uint64, fn func([]event.Event, error)) error {
	log, changed, err := s.now()
	if err != nil {
		fn(nil, err)
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-changed:
			cancel()
		case <-inner.Done():
		}
	}()
	err = log.Tail(inner, from, fn)
	if ctx.Err() == nil && errors.Is(err, context.Canceled) {
		return eventlog.ErrGap
	}
	return err
}

func (s *switchLog) Close() error { return nil }

func TestReadersOfAReplacedLogAreWokenAndLost(t *testing.T) {
	log := &switchLog{log: eventlog.NewMemory(eventlog.Retention{}), changed: make(chan struct{})}
	r := newRig(t, log, fanout.Options{})
	r.publishMany("a", 1, 5)
	rd := r.open(fanout.Start{}, "a")
	rd.read()
	old, _ := r.hub.Head()
	other := eventlog.NewMemory(eventlog.Retention{})
	for i := range 3 {
		d := event.Draft{Topic: "a", Type: "test.event", Data: []byte("new" + strconv.Itoa(i))}
		if _, err := other.Append(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	log.set(other, nil)
	until(t, func() bool { epoch, head := r.hub.Head(); return epoch != old && head.Seq() == 3 })
	if n := rd.wakes.Load(); n != 1 {
		t.Errorf("woken %d times, want once", n)
	}
	if rd.Wait() {
		t.Error("it waits for a ring that nothing comes to")
	}
	if _, err := rd.Take(nil, 64); !errors.Is(err, fanout.ErrLost) {
		t.Fatalf("Take: %v, want ErrLost", err)
	}
	at, err := rd.Restart(t.Context(), 2)
	if err != nil || at.Reason != "replace" {
		t.Fatalf("Restart: %+v, %v", at, err)
	}
	expect(t, "after the restart", rd.read(), "a=new1 a=new2")
}

func TestHealthReportsAnOutageAndItsEnd(t *testing.T) {
	inner := eventlog.NewMemory(eventlog.Retention{})
	log := &switchLog{log: inner, changed: make(chan struct{}), broken: eventlog.ErrUnavailable}
	r := newRig(t, log, fanout.Options{})
	until(t, func() bool { return errors.Is(r.hub.Health(), eventlog.ErrUnavailable) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := r.hub.Open(ctx, []string{"a"}, fanout.Start{}, func() {}); !errors.Is(err, context.Canceled) {
		t.Errorf("Open before the log was reached: %v", err)
	}
	log.set(inner, nil)
	<-r.hub.Ready()
	if err := r.hub.Health(); err != nil {
		t.Errorf("after the outage: %v", err)
	}
}

// Readers that take, fall behind, go away and resume at random get, all their
// lives together, exactly what was published to their topics since they came.
func TestRandomReadersMissNothingAndSeeNothingTwice(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	r := newRig(t, eventlog.NewMemory(eventlog.Retention{}), fanout.Options{MaxEvents: 16, PageSize: 7})
	topics := []string{"a", "b", "c", "d"}
	type life struct {
		rd        *reader
		topics    []string
		got, want []string
	}
	lives := make([]*life, 12)
	for i := range lives {
		mine := topics[:1+i%len(topics)]
		lives[i] = &life{rd: r.open(fanout.Start{}, mine...), topics: mine}
	}
	for step := range 2000 {
		topic := topics[rnd.IntN(len(topics))]
		r.publish(topic, strconv.Itoa(step))
		for _, l := range lives {
			for _, mine := range l.topics {
				if mine == topic {
					l.want = append(l.want, fmt.Sprintf("%s=%d", topic, step))
				}
			}
			switch rnd.IntN(20) {
			case 0:
				l.got = append(l.got, strings.Fields(l.rd.read())...)
			case 1:
				frames, err := l.rd.Take(nil, 1+rnd.IntN(30))
				if err == nil {
					for _, f := range frames {
						l.got = append(l.got, string(f.Bytes))
					}
				}
			case 2:
				l.rd.Close()
				if l.rd = r.open(fanout.Start{After: l.rd.Cursor.Position()}, l.topics...); l.rd.Mode != "resumed" {
					t.Fatalf("step %d: %s %s", step, l.rd.Mode, l.rd.Reason)
				}
			}
		}
	}
	for i, l := range lives {
		l.got = append(l.got, strings.Fields(l.rd.read())...)
		expect(t, fmt.Sprint("reader ", i), strings.Join(l.got, " "), strings.Join(l.want, " "))
	}
}
