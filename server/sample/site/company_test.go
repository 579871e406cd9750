package site

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// A node is a site that follows the log and tells who is here, and does nothing
// else, in a bubble of its own time: days would be full of ticks.
type node struct {
	t    *testing.T
	site *Site
	stop func()
}

func startNode(t *testing.T, log eventlog.Log, name string) *node {
	t.Helper()
	return startNodeThatLogs(t, log, name, slog.DiscardHandler)
}

func startNodeThatLogs(t *testing.T, log eventlog.Log, name string, to slog.Handler) *node {
	t.Helper()
	s, err := New(Options{Log: log, Node: name, Logger: slog.New(to)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { s.hub.Run(ctx) })
	running.Go(func() { s.watchPeople(ctx) })
	n := &node{t, s, func() { cancel(); running.Wait() }}
	t.Cleanup(n.stop)
	<-s.known
	return n
}

// enter opens a connection of a guest's.
func (n *node) enter(id string) (leave func()) { return n.site.crowd.enter(nil, id, nil) }

// crash ends the node without a word: what it does at its end reaches no log.
func (n *node) crash() {
	n.site.log.log = nowhere{}
	n.stop()
}

type nowhere struct{}

func (nowhere) Append(context.Context, event.Draft) (event.ID, error) {
	return event.ID{}, eventlog.ErrUnavailable
}

// after lets time pass, until everything that it brings about has happened.
func after(d time.Duration) {
	time.Sleep(d) // the bubble's
	synctest.Wait()
}

// here returns who is here as the pages are told, and tellings how often they
// have been.
func here(t *testing.T, log eventlog.Log) string {
	t.Helper()
	return strings.Join(ids(t, log, guest.Here), " ")
}

func ids(t *testing.T, log eventlog.Log, topic string) (all []string) {
	t.Helper()
	page, err := log.Read(context.Background(), 1, 1, topic)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range page.Events {
		p, err := guest.Present.Decode(e.ID(), e.Data())
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range p.Value.Guests {
			all = append(all, g.ID)
		}
	}
	return all
}

// A counted log counts what is appended to a topic. Nodes share it.
type counted struct {
	eventlog.Log
	topic string

	mu    sync.Mutex
	times []time.Time
}

func (c *counted) Append(ctx context.Context, d event.Draft) (event.ID, error) {
	id, err := c.Log.Append(ctx, d)
	if d.Topic == c.topic {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.times = append(c.times, time.Now())
	}
	return id, err
}

// told returns when it was appended to.
func (c *counted) told() []time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.times)
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %q are here, want %q", what, got, want)
	}
}

func TestAGuestIsGoneAfterTheGraceAndNotBefore(t *testing.T) {
	const grace = 5 * time.Second // what guests are promised
	synctest.Test(t, func(t *testing.T) {
		log := eventlog.NewMemory(eventlog.Retention{})
		n := startNode(t, log, "")
		leave := n.enter("ann")
		after(presencePace)
		expect(t, "with a connection", here(t, log), "ann")
		leave()
		after(grace - time.Second)
		expect(t, "in the grace", here(t, log), "ann")
		leave = n.enter("ann")
		after(2 * grace)
		expect(t, "back within it", here(t, log), "ann")
		other := n.enter("ann")
		leave()
		after(2 * grace)
		expect(t, "with another page", here(t, log), "ann")
		other()
		after(grace + presencePace)
		expect(t, "after the grace", here(t, log), "")
	})
}

// Whoever comes and goes, pages are told at most once a second, and not at all
// when nothing changes.
func TestPagesAreToldAtMostOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &counted{Log: eventlog.NewMemory(eventlog.Retention{}), topic: guest.Here}
		n := startNode(t, log, "")
		for i := range 100 {
			n.enter(fmt.Sprint("guest", i))
			after(30 * time.Millisecond)
		}
		after(2 * presencePace)
		if k := len(log.told()); k < 3 || k > 6 {
			t.Errorf("100 guests in 3 s were told in %d times", k)
		}
		for i := 1; i < len(log.told()); i++ {
			if pause := log.told()[i].Sub(log.told()[i-1]); pause < time.Second {
				t.Errorf("told again after %v", pause)
			}
		}
		before := len(log.told())
		leave := n.enter("guest1") // a second page, which changes nothing
		after(time.Second)
		leave()
		after(time.Hour)
		if k := len(log.told()) - before; k != 0 {
			t.Errorf("nothing was told in %d times", k)
		}
	})
}

// Who was here before a start is expected back, and gone after the grace.
func TestAStartLeavesNoGhosts(t *testing.T) {
	for name, end := range map[string]func(*node){"a crash": (*node).crash, "a shutdown": func(n *node) { n.stop() }} {
		for _, down := range []time.Duration{time.Second, time.Hour} {
			synctest.Test(t, func(t *testing.T) {
				log := eventlog.NewMemory(eventlog.Retention{})
				n := startNode(t, log, "")
				n.enter("ann")
				n.enter("bob")
				after(2 * presencePace)
				end(n)
				after(down)
				expect(t, name, here(t, log), "ann bob")
				n = startNode(t, log, "")
				n.enter("ann")
				after(presencePace)
				if down < rollTime {
					expect(t, "right after "+name, here(t, log), "ann bob")
				}
				after(graceTime)
				expect(t, "a while after "+name, here(t, log), "ann")
			})
		}
	}
}

func TestTwoNodesHaveOneList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &counted{Log: eventlog.NewMemory(eventlog.Retention{}), topic: guest.Here}
		a, b := startNode(t, log, "a"), startNode(t, log, "b")
		a.enter("ann")
		b.enter("bob")
		both := b.enter("ann")
		after(3 * presencePace)
		expect(t, "on two nodes", here(t, log), "ann bob")
		both()
		after(2 * graceTime)
		expect(t, "with one page less", here(t, log), "ann bob")
		settled := len(log.told())
		after(10 * time.Minute)
		expect(t, "much later", here(t, log), "ann bob")
		if k := len(log.told()) - settled; k != 0 {
			t.Errorf("they said the same in turns, %d times", k)
		}
		b.stop()
		after(graceTime - time.Second)
		expect(t, "as a node shuts down", here(t, log), "ann bob")
		after(time.Second + presencePace)
		expect(t, "after it has", here(t, log), "ann")
	})
}

func TestTheGuestsOfADeadNodeAreGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := eventlog.NewMemory(eventlog.Retention{})
		a, b := startNode(t, log, "a"), startNode(t, log, "b")
		a.enter("ann")
		b.enter("bob")
		after(2 * presencePace)
		b.crash()
		after(rollTime - rollEvery - time.Second)
		expect(t, "a node is silent", here(t, log), "ann bob")
		after(rollEvery + 2*time.Second)
		expect(t, "for too long", here(t, log), "ann")
	})
}

// What holds for days is told again before the log forgets it.
func TestNamesAndPresenceOutliveTheRetention(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := eventlog.NewMemory(eventlog.Retention{MaxAge: 3 * 24 * time.Hour})
		n := startNode(t, log, "")
		n.enter("ann")
		for id, name := range map[string]string{"ann": "Ann", "bob": "Bob"} {
			if _, err := record(t.Context(), log, namesTopic, namedType, guest.Guest{ID: id, Name: name}); err != nil {
				t.Fatal(err)
			}
		}
		after(10 * 24 * time.Hour)
		expect(t, "ten days later", here(t, log), "ann")
		n.stop()
		n = startNode(t, log, "")
		for id, want := range map[string]string{"ann": "Ann", "bob": ""} {
			if got := n.site.names.guest(id).Name; got != want {
				t.Errorf("after a restart %s is called %q, want %q", id, got, want)
			}
		}
	})
}

func TestTheRosterIsBounded(t *testing.T) {
	var r roster
	r.clear()
	for i := range maxNames + 10 {
		r.put(guest.Guest{ID: fmt.Sprint(i), Name: fmt.Sprint("Name ", i)}, uint64(i+1), time.Now())
	}
	r.put(guest.Guest{ID: "20", Name: "Old"}, 5, time.Now()) // an older event, read again
	for id, want := range map[string]string{"0": "", "9": "", "10": "Name 10", "20": "Name 20"} {
		if got := r.guest(id).Name; got != want {
			t.Errorf("%s is called %q, want %q", id, got, want)
		}
	}
	if len(r.names) != maxNames || len(r.byName) != maxNames || r.called("name 3") != nil || r.called("name 30") == nil {
		t.Errorf("it knows %d guests by %d names", len(r.names), len(r.byName))
	}
}
