package faults_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seawaykit/seaway/e2e/faults/program"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/jetstream"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// noticeTime bounds how long health may take to follow the cluster. What is
// promised is 8 s, on a machine that has time; each test logs what it measured.
const noticeTime = 25 * time.Second

// A watch asks a program's health all the time, and keeps each change.
type watch struct {
	mu      sync.Mutex
	status  map[string]int // by path, the newest
	changes []change
}

type change struct {
	path   string
	status int
	at     time.Time
}

var healthPaths = []string{"/healthz", "/readyz", "/livez"}

func watchHealth(t *testing.T, p *program.Program) *watch {
	w := &watch{status: map[string]int{}}
	var wg sync.WaitGroup
	end := make(chan struct{})
	for _, path := range healthPaths {
		wg.Go(func() {
			tick := time.NewTicker(50 * time.Millisecond)
			defer tick.Stop()
			for {
				w.note(path, p.Status(path))
				select {
				case <-tick.C:
				case <-end:
					return
				}
			}
		})
	}
	t.Cleanup(func() { close(end); wg.Wait() })
	return w
}

func (w *watch) note(path string, status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status[path] != status {
		w.status[path] = status
		w.changes = append(w.changes, change{path, status, time.Now()})
	}
}

// await waits until both paths that follow the log have the status, and returns
// when the last of them came to it.
func (w *watch) await(t *testing.T, limit time.Duration, status int) (at time.Time) {
	t.Helper()
	program.Until(t, limit, fmt.Sprintf("health and readiness are %d", status), func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.status["/healthz"] == status && w.status["/readyz"] == status
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.changes {
		if c.path != "/livez" && c.status == status {
			at = c.at
		}
	}
	return at
}

// count returns how often a path came to a status.
func (w *watch) count(path string, status int) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.changes {
		if c.path == path && c.status == status {
			n++
		}
	}
	return n
}

// A poster posts one message after the other, each until it is acknowledged.
type poster struct {
	mu    sync.Mutex
	acked []string    // the texts
	times []time.Time // of the acknowledgements
}

func startPoster(t *testing.T, p *program.Program) (_ *poster, stop func()) {
	o := &poster{}
	var end atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; !end.Load(); i++ {
			text := fmt.Sprint("message ", i)
			req := chat.PostRequest{Room: "lobby", Author: "ann", Text: text}
			if _, err := command.Call(t.Context(), chat.Post.Command(), req, command.To(p.URL)); err != nil {
				t.Errorf("%s: %v", text, err)
				return
			}
			o.mu.Lock()
			o.acked, o.times = append(o.acked, text), append(o.times, time.Now())
			o.mu.Unlock()
		}
	})
	stop = sync.OnceFunc(func() { end.Store(true); wg.Wait() })
	t.Cleanup(stop)
	return o, stop
}

// since returns the first acknowledgement after a time, and whether there is one.
func (o *poster) since(begin time.Time) (time.Time, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	i := slices.IndexFunc(o.times, begin.Before)
	if i < 0 {
		return time.Time{}, false
	}
	return o.times[i], true
}

func (o *poster) awaitPost(t *testing.T) (at time.Time) {
	t.Helper()
	begin := time.Now()
	program.Until(t, time.Minute, "posts are acknowledged again", func() (ok bool) {
		at, ok = o.since(begin)
		return ok
	})
	return at
}

// sameInLog compares what was acknowledged with what the log holds.
func (o *poster) sameInLog(t *testing.T, c *program.Cluster) {
	t.Helper()
	log, err := jetstream.Connect(t.Context(), jetstream.Server{URL: c.URL()}, jetstream.Options{Existing: true})
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	var got []string
	for from, head := uint64(1), false; !head; {
		var page eventlog.Page
		if page, err = log.Read(t.Context(), from, 1000, chat.Topic("lobby")); err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			m, err := chat.Posted.Decode(e)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, m.Value.Text)
		}
		from, head = page.Next, page.Head && (len(got) >= len(o.acked))
	}
	if !slices.Equal(got, o.acked) {
		t.Errorf("%d messages were acknowledged, and the log holds %d:\n%q\n%q", len(o.acked), len(got), o.acked, got)
	}
}

// startNode returns a program on the cluster, connected to the leader of its
// stream, which is there.
func startNode(t *testing.T, c *program.Cluster) *program.Program {
	t.Helper()
	p := program.Start(t, "-nats", c.URL(), "-replicas", "3")
	leader, _ := c.Leader()
	p.Terminate()
	p.Flags[1] = leader.URL()
	p.Start()
	return p
}

// The quorum is lost in every way in which servers of three can be lost.
func TestQuorumLossIsUnhealthyUntilItIsBack(t *testing.T) {
	tests := []struct {
		name   string
		gone   func(leader *program.NATS, others []*program.NATS) []*program.NATS
		remove func(*program.NATS)
	}{
		{"both followers are killed", func(_ *program.NATS, o []*program.NATS) []*program.NATS { return o }, (*program.NATS).Kill},
		{"both followers hang", func(_ *program.NATS, o []*program.NATS) []*program.NATS { return o }, (*program.NATS).Stop},
		{"the leader and a follower are killed", func(l *program.NATS, o []*program.NATS) []*program.NATS { return []*program.NATS{l, o[0]} }, (*program.NATS).Kill},
		{"the leader and a follower hang", func(l *program.NATS, o []*program.NATS) []*program.NATS { return []*program.NATS{l, o[0]} }, (*program.NATS).Stop},
		{"all are killed", func(l *program.NATS, o []*program.NATS) []*program.NATS { return append(o, l) }, (*program.NATS).Kill},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := program.StartCluster(t)
			p := startNode(t, c)
			w := watchHealth(t, p)
			w.await(t, time.Minute, 200)
			posts, stopPosts := startPoster(t, p)
			posts.awaitPost(t)

			gone := test.gone(c.Leader())
			lost := time.Now()
			for _, s := range gone {
				test.remove(s)
			}
			noticed := w.await(t, noticeTime, 503)
			t.Logf("unhealthy %v after the loss", noticed.Sub(lost).Round(10*time.Millisecond))
			// It stays so, also when the leader steps down, 10 to 20 s after the
			// loss, and each replica answers for itself.
			stay := time.Now().Add(20 * time.Second)
			program.Until(t, time.Minute, "20 s have passed", func() bool { return time.Now().After(stay) })
			for _, path := range healthPaths {
				if n := w.count(path, 200); n != 1 {
					t.Errorf("%s came to 200 %d times during the outage", path, n-1)
				}
			}
			for _, s := range gone {
				s.Resume()
			}
			recovered := posts.awaitPost(t)
			healthy := w.await(t, noticeTime, 200)
			t.Logf("healthy %v after the first post", healthy.Sub(recovered).Round(10*time.Millisecond))
			posts.awaitPost(t)
			stopPosts()

			posts.sameInLog(t, c)
			if a, b := strings.Count(p.Log(), "out of reach"), strings.Count(p.Log(), "can be reached again"); a != 1 || b != 1 {
				t.Errorf("the loss was logged %d times, the recovery %d times", a, b)
			}
			if w.count("/livez", 200) != 1 || len(w.liveness()) != 1 {
				t.Errorf("/livez was %v", w.liveness())
			}
		})
	}
}

func (w *watch) liveness() (all []int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.changes {
		if c.path == "/livez" {
			all = append(all, c.status)
		}
	}
	return all
}

// Whichever server of three is lost, the others go on: posts do after an election,
// at the latest, and health does not get worse than that.
func TestQuorumOutlivesOneServer(t *testing.T) {
	tests := []struct {
		name   string
		leader bool // the node's own server too
		remove func(*program.NATS)
	}{
		{"a follower is killed", false, (*program.NATS).Kill},
		{"a follower hangs", false, (*program.NATS).Stop},
		{"the leader is killed", true, (*program.NATS).Kill},
		{"the leader hangs", true, (*program.NATS).Stop},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := program.StartCluster(t)
			p := startNode(t, c)
			w := watchHealth(t, p)
			w.await(t, time.Minute, 200)
			posts, stopPosts := startPoster(t, p)
			posts.awaitPost(t)
			atStart := w.count("/readyz", 503)
			leader, others := c.Leader()
			gone := others[0]
			if test.leader {
				gone = leader
			}
			lost := time.Now()
			test.remove(gone)
			t.Logf("a post %v after the loss", posts.awaitPostSentAfter(t, lost).Sub(lost).Round(10*time.Millisecond))
			w.await(t, noticeTime, 200)
			end := time.Now().Add(10 * time.Second)
			program.Until(t, time.Minute, "10 s have passed", func() bool { return time.Now().After(end) })
			stopPosts()
			gone.Resume()
			posts.sameInLog(t, c)
			unready, unhealthy := w.count("/readyz", 503)-atStart, w.count("/healthz", 503)
			t.Logf("%d times not ready", unready)
			if limit := map[bool]int{true: 1}[test.leader]; unready > limit || unhealthy > limit {
				t.Errorf("the node was %d times not ready and %d times unhealthy, at most %d may be", unready, unhealthy, limit)
			}
			if n := strings.Count(p.Log(), "out of reach"); n != unhealthy {
				t.Errorf("the node was unhealthy %d times, and the log says so %d times", unhealthy, n)
			}
		})
	}
}

// awaitPostSentAfter waits for a message that was sent after a time: the one
// before it may have been on its way already.
func (o *poster) awaitPostSentAfter(t *testing.T, begin time.Time) time.Time {
	t.Helper()
	var last time.Time
	program.Until(t, time.Minute, "a later post is acknowledged", func() (ok bool) {
		first, ok := o.since(begin)
		if ok {
			last, ok = o.since(first)
		}
		return ok
	})
	return last
}

// A node that is started before its cluster is alive, not ready, and waits.
func TestStartWaitsForTheCluster(t *testing.T) {
	t.Parallel()
	c := program.NewCluster(t)
	p := program.New(t, "-nats", c.URL(), "-replicas", "3")
	p.Run()
	program.Until(t, noticeTime, "it says that it waits", func() bool { return strings.Contains(p.Log(), "waiting for the event log") })
	for path, want := range map[string]int{"/livez": 200, "/readyz": 503, "/healthz": 503} {
		if got := p.Status(path); got != want {
			t.Errorf("without a cluster %s is %d, want %d", path, got, want)
		}
	}
	if status, took := p.Terminate(); status != 0 {
		t.Errorf("SIGTERM while it waits: exit status %d after %v", status, took)
	}

	p.Run()
	c.Servers[0].Start() // one of three is no cluster
	program.Until(t, noticeTime, "it waits again", func() bool { return strings.Count(p.Log(), "waiting for the event log") == 2 })
	if got := p.Status("/readyz"); got != 503 {
		t.Errorf("with one server of three /readyz is %d", got)
	}
	c.Start()
	p.Post("lobby", "ann", "hello")
	program.Until(t, noticeTime, "it is ready", func() bool { return p.Status("/readyz") == 200 && p.Status("/healthz") == 200 })
	if n := strings.Count(p.Log(), "the event log was found"); n != 1 {
		t.Errorf("it said %d times that the log is there", n)
	}
}
