package jetstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// proofLimit bounds, in the time of a bubble, what must come true in the end.
const proofLimit = 2 * time.Minute

// leading is what a leader says of itself that hears from its followers: what it
// knows proves something. The others' answers prove nothing.
var (
	leading  = led("a", time.Second, time.Second).Cluster
	unproven = map[string]*jetstream.ClusterInfo{
		"a replica without a leader": led("", time.Minute, time.Minute).Cluster,
		"a leader without followers": led("a", time.Minute, time.Minute).Cluster,
	}
)

// five returns a replica of five events of one topic.
func five(cluster *jetstream.ClusterInfo) *replica {
	return &replica{topics: strings.Split("a a a a a", " "), has: []int{5}, cluster: cluster}
}

// knows makes the replica one that has the first events only.
func (r *replica) knows(n int, cluster *jetstream.ClusterInfo) {
	r.becomes(func() { r.has, r.request, r.last, r.cluster = []int{n}, 0, n, cluster })
}

// grows adds an event to the stream.
func (r *replica) grows() { r.becomes(func() { r.topics = append(r.topics, "a") }) }

// A reader runs a tail and keeps what it was given.
type reader struct {
	mu      sync.Mutex
	got     []string // numbers, "head" and "away"
	err     error    // of the tail, when it has ended
	changed chan struct{}
}

func tailOf(t *testing.T, l *Log, from uint64) *reader {
	t.Helper()
	r := &reader{changed: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		err := l.Tail(ctx, from, func(batch []event.Event, err error) {
			r.note(func() {
				for _, e := range batch {
					r.got = append(r.got, fmt.Sprint(e.ID().Seq()))
				}
				switch {
				case err != nil:
					r.got = append(r.got, "away")
				case len(batch) == 0:
					r.got = append(r.got, "head")
				}
			})
		})
		r.note(func() { r.err = err })
	})
	t.Cleanup(func() { cancel(); wg.Wait() })
	return r
}

func (r *reader) note(change func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change()
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

func (r *reader) shows() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.got, " ")
}

// until waits until the reader has been given that, all in all.
func (r *reader) until(t *testing.T, want string) {
	t.Helper()
	limit := time.After(proofLimit)
	for {
		got := r.shows()
		r.mu.Lock()
		err := r.err
		r.mu.Unlock()
		if got == want {
			return
		}
		if err != nil || len(got) > len(want) {
			t.Fatalf("the tail was given %q, want %q; its end: %v", got, want, err)
		}
		select {
		case <-r.changed:
		case <-limit:
			t.Fatalf("the tail was given %q, want %q", got, want)
		}
	}
}

// ends waits until the tail has returned ErrGap.
func (r *reader) ends(t *testing.T) {
	t.Helper()
	limit := time.After(proofLimit)
	for {
		r.mu.Lock()
		err := r.err
		r.mu.Unlock()
		if errors.Is(err, eventlog.ErrGap) {
			return
		}
		select {
		case <-r.changed:
		case <-limit:
			t.Fatalf("the tail has not ended with a gap: %v", err)
		}
	}
}

// answers waits until the stream was asked for its state n times more.
func (r *replica) answers(t *testing.T, n int) {
	t.Helper()
	r.answersUntil(t, n, nil)
}

func (r *replica) answersUntil(t *testing.T, n int, done <-chan struct{}) {
	t.Helper()
	var begin int
	r.becomes(func() { begin = r.asked })
	limit, again := time.After(proofLimit), time.NewTicker(5*time.Millisecond)
	defer again.Stop()
	for enough := false; !enough; r.becomes(func() { enough = r.asked >= begin+n }) {
		select {
		case <-again.C:
		case <-done:
			t.Errorf("an answer that proves nothing was taken for one that does")
			return
		case <-limit:
			t.Errorf("the stream is not asked for its state")
			return
		}
	}
}

// meanwhile calls fn when the stream has been asked for its state twice, while
// call asks for it.
func (r *replica) meanwhile(t *testing.T, fn, call func()) {
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Go(func() { r.answersUntil(t, 2, done); fn() })
	call()
	close(done)
	wg.Wait()
}

// logged returns the log with what it logs.
func logged(l *Log) (*Log, func() string) {
	var mu sync.Mutex
	var text bytes.Buffer
	l.o.Logger = slog.New(slog.NewTextHandler(writer(func(p []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return text.Write(p)
	}), nil))
	return l, func() string {
		mu.Lock()
		defer mu.Unlock()
		return text.String()
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

// What a replica without a quorum lacks of what was delivered is not lost: the
// others have it.
func TestTailGoesOnAfterAReplicaWithoutAQuorumKnewLess(t *testing.T) {
	for name, cluster := range unproven {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := five(leading)
				log, logs := logged(fake(t, r))
				tail := tailOf(t, log, 1)
				tail.until(t, "1 2 3 4 5 head")
				r.knows(4, cluster)
				tail.until(t, "1 2 3 4 5 head away")
				r.answers(t, 30) // for longer than it would take to believe a leader
				r.grows()
				r.knows(6, leading)
				tail.until(t, "1 2 3 4 5 head away 6 head")
				if a, b := strings.Count(logs(), "out of reach"), strings.Count(logs(), "can be reached again"); a != 1 || b != 1 {
					t.Errorf("the loss was logged %d times, the recovery %d times:\n%s", a, b, logs())
				}
			})
		})
	}
}

// A leader that hears from its followers and knows less has lost what it lacks.
// That ends the tail also while the log is out of reach, which is over then.
func TestTailEndsWhenALeaderWithAQuorumKnowsLess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := five(leading)
		log, logs := logged(fake(t, r))
		tail := tailOf(t, log, 1)
		tail.until(t, "1 2 3 4 5 head")
		r.knows(4, unproven["a replica without a leader"])
		tail.until(t, "1 2 3 4 5 head away")
		r.knows(4, leading)
		tail.ends(t)
		if a, b := strings.Count(logs(), "out of reach"), strings.Count(logs(), "can be reached again"); a != 1 || b != 1 {
			t.Errorf("the loss was logged %d times, the recovery %d times:\n%s", a, b, logs())
		}
	})
}

// A new leader has some time to catch up with what its predecessor sent out,
// however little is left until the log counts as out of reach.
func TestTailGivesALeaderTheWholeTimeToCatchUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := five(leading)
		log := fake(t, r)
		r.knows(4, leading)
		log.quorum.seen, log.quorum.cause = time.Now().Add(2*time.Second-quorumTime), errNoLeader
		tail := &tail{log: log, of: log.lineage(), delivered: event.NewID("fake", 5, "key5"), begun: time.Now()}
		if _, err := tail.check(t.Context()); err == nil || errors.Is(err, eventlog.ErrGap) {
			t.Errorf("it had 2 s to catch up: %v", err)
		}
		if _, err := tail.check(t.Context()); !errors.Is(err, eventlog.ErrGap) {
			t.Errorf("it had %v to catch up: %v", shortTime, err)
		}
	})
}

// What was stored when Tail began is what a leader says, not a replica that lags.
func TestTailIsCaughtUpWithALeader(t *testing.T) {
	for name, cluster := range unproven {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := five(nil)
				r.knows(3, cluster)
				tail := tailOf(t, fake(t, r), 1)
				tail.until(t, "1 2 3 away")
				r.answers(t, 2) // it has looked around again
				r.knows(5, leading)
				tail.until(t, "1 2 3 away 4 5 head")
			})
		})
	}
}

// Event 5 is republished, event 4 was missed, and the replica that is left has
// neither.
func TestTailDoesNotSkipWhatAReplicaWithoutAQuorumLacks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := five(nil)
		r.knows(3, leading)
		log := fake(t, r)
		tail := tailOf(t, log, 1)
		tail.until(t, "1 2 3 head")
		r.knows(3, unproven["a leader without followers"])
		m := nats.NewMsg("fake-live.fake.a")
		m.Header = r.header(5)
		if err := log.nc.PublishMsg(m); err != nil {
			t.Fatal(err)
		}
		tail.until(t, "1 2 3 head away")
		r.knows(5, leading)
		tail.until(t, "1 2 3 head away 4 5 head")
	})
}

func TestStateIsThatOfALeaderWithAQuorum(t *testing.T) {
	for name, cluster := range unproven {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := five(nil)
				r.knows(3, cluster)
				log := fake(t, r)
				ctx, cancel := context.WithCancel(t.Context())
				r.meanwhile(t, cancel, func() {
					if state, err := log.State(ctx); err == nil {
						t.Errorf("the state is %+v", state)
					}
				})
				r.meanwhile(t, func() { r.knows(5, leading) }, func() {
					if state, err := log.State(t.Context()); err != nil || state.Last != 5 {
						t.Errorf("then the state is %+v (%v)", state, err)
					}
				})
			})
		})
	}
}

// A replica may not have heard yet that it was given another epoch.
func TestEpochIsThatOfALeaderWithAQuorum(t *testing.T) {
	for name, cluster := range unproven {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := five(leading)
				log := fake(t, r)
				tail := tailOf(t, log, 1)
				tail.until(t, "1 2 3 4 5 head")
				r.becomes(func() { r.epoch, r.cluster = "other", cluster })
				r.answers(t, 2)
				if epoch := log.lineage().epoch; epoch != "fake" {
					t.Errorf("the epoch is %q", epoch)
				}
				tail.until(t, "1 2 3 4 5 head away")
				r.becomes(func() { r.epoch, r.cluster = "", leading })
				tail.until(t, "1 2 3 4 5 head away head")
				r.becomes(func() { r.epoch = "other" })
				tail.ends(t)
			})
		})
	}
}

// Nor may a replica from before a change of the epoch name it to a node that
// starts.
func TestOpenTakesTheEpochOfALeaderWithAQuorum(t *testing.T) {
	for name, cluster := range unproven {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := five(cluster)
				r.epoch = "former"
				log := fake(t, r)
				r.meanwhile(t, func() { r.becomes(func() { r.epoch, r.cluster = "newer", leading }) }, func() {
					if err := log.ensure(t.Context()); err != nil {
						t.Fatal(err)
					}
				})
				if epoch := log.lineage().epoch; epoch != "newer" {
					t.Errorf("the epoch is %q", epoch)
				}
			})
		})
	}
}

// A page needs somebody to vouch for what is not on it: a leader that hears from a
// quorum, or a replica that has at least as much as the page and lacks nothing of
// it. Only the leader's word is a gap.
func TestReadFindsAGapWithAQuorumOnly(t *testing.T) {
	for name, cluster := range unproven {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, test := range []struct {
					name  string
					from  uint64
					first uint64
					last  int
					want  string
					then  string // when there is a quorum
				}{
					{"it has all", 1, 1, 0, "[1 4 5] <nil>", ""},
					{"it has all from there on", 3, 3, 0, "[4 5] <nil>", ""},
					{"it has all that is left", 0, 4, 0, "[5] <nil>", ""},
					{"it lags", 3, 3, 4, "", "[4 5] <nil>"},
					{"it has lost what is asked for", 2, 4, 0, "", "[] gap"},
				} {
					r := &replica{topics: strings.Split("a b b a a", " "), has: []int{5}, first: test.first, last: test.last, cluster: cluster}
					if test.from == 0 {
						r.topics[3] = "b"
					}
					log := fake(t, r)
					if test.then == "" {
						if got := read(t, log, test.from); got != test.want {
							t.Errorf("%s: %s, want %s", test.name, got, test.want)
						}
						continue
					}
					r.meanwhile(t, func() { r.becomes(func() { r.cluster, r.last = leading, 0 }) }, func() {
						if got := read(t, log, test.from); got != test.then {
							t.Errorf("%s: %s, want %s, and only with a quorum", test.name, got, test.then)
						}
					})
				}
			})
		})
	}
}

// read reads the events of topic a.
func read(t *testing.T, l *Log, from uint64) string {
	page, err := l.Read(t.Context(), from, 10, "a")
	if errors.Is(err, eventlog.ErrGap) {
		err = errors.New("gap")
	}
	seqs := []uint64{}
	for _, e := range page.Events {
		seqs = append(seqs, e.ID().Seq())
	}
	return fmt.Sprint(seqs, " ", err)
}
