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
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// A node is a site that folds and publishes presence, and does nothing else, in
// a bubble of its own time: days would be full of ticks.
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
	s, err := newSite(Options{Log: log, Node: name, Live: live.Options{Logger: slog.New(to)}})
	if err != nil {
		t.Fatal(err)
	}
	s.server.Go(s.runPresence)
	s.server.Handler() // starts it
	now, cutAll := context.WithCancel(context.Background())
	cutAll()
	n := &node{t, s, func() { s.server.Shutdown(now) }}
	t.Cleanup(n.stop)
	<-s.presenceRead
	return n
}

// enter opens a connection of a guest's.
func (n *node) enter(id string) (leave func()) { return n.site.local.connect(nil, id, nil) }

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

// here returns the guests in the newest presence list.
func here(t *testing.T, log eventlog.Log) string {
	t.Helper()
	return strings.Join(ids(t, log, guest.PresenceTopic), " ")
}

func ids(t *testing.T, log eventlog.Log, topic string) (all []string) {
	t.Helper()
	page, err := log.Read(context.Background(), 0, 1, topic)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range page.Events {
		p, err := guest.Present.Decode(e)
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

// published returns the times of the appends.
func (c *counted) published() []time.Time {
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

func TestGuestIsGoneAfterTheGraceAndNotBefore(t *testing.T) {
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

// However many guests come and go, presence is published at most once a second,
// and not at all when nothing changes.
func TestPresenceIsPublishedAtMostOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &counted{Log: eventlog.NewMemory(eventlog.Retention{}), topic: guest.PresenceTopic}
		n := startNode(t, log, "")
		for i := range 100 {
			n.enter(fmt.Sprint("guest", i))
			after(30 * time.Millisecond)
		}
		after(2 * presencePace)
		if k := len(log.published()); k < 3 || k > 6 {
			t.Errorf("100 guests in 3 s were published %d times", k)
		}
		for i := 1; i < len(log.published()); i++ {
			if pause := log.published()[i].Sub(log.published()[i-1]); pause < time.Second {
				t.Errorf("published again after %v", pause)
			}
		}
		before := len(log.published())
		leave := n.enter("guest1") // a second page, which changes nothing
		after(time.Second)
		leave()
		after(time.Hour)
		if k := len(log.published()) - before; k != 0 {
			t.Errorf("no change was published %d times", k)
		}
	})
}

// Who was here before a start is expected back, and gone after the grace.
func TestStartLeavesNoGuestsThatAreGone(t *testing.T) {
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
				if down < reportLifetime {
					expect(t, "right after "+name, here(t, log), "ann bob")
				}
				after(graceTime)
				expect(t, "a while after "+name, here(t, log), "ann")
			})
		}
	}
}

func TestNodesHaveOnePresenceList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &counted{Log: eventlog.NewMemory(eventlog.Retention{}), topic: guest.PresenceTopic}
		a, b := startNode(t, log, "a"), startNode(t, log, "b")
		a.enter("ann")
		b.enter("bob")
		both := b.enter("ann")
		after(3 * presencePace)
		expect(t, "on two nodes", here(t, log), "ann bob")
		both()
		after(2 * graceTime)
		expect(t, "with one page less", here(t, log), "ann bob")
		settled := len(log.published())
		after(10 * time.Minute)
		expect(t, "much later", here(t, log), "ann bob")
		if k := len(log.published()) - settled; k != 0 {
			t.Errorf("they said the same in turns, %d times", k)
		}
		b.stop()
		after(graceTime - time.Second)
		expect(t, "as a node shuts down", here(t, log), "ann bob")
		after(time.Second + presencePace)
		expect(t, "after it has", here(t, log), "ann")
	})
}

func TestGuestsOfADeadNodeAreGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := eventlog.NewMemory(eventlog.Retention{})
		a, b := startNode(t, log, "a"), startNode(t, log, "b")
		a.enter("ann")
		b.enter("bob")
		after(2 * presencePace)
		b.crash()
		after(reportLifetime - reportInterval - time.Second)
		expect(t, "a node is silent", here(t, log), "ann bob")
		after(reportInterval + 2*time.Second)
		expect(t, "for too long", here(t, log), "ann")
	})
}

// A list that holds for days is published again before retention removes it, and names
// are kept without that.
func TestNamesAndPresenceOutliveTheRetention(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := eventlog.NewMemory(eventlog.Retention{MaxAge: staleTime + time.Hour})
		n := startNode(t, log, "")
		n.enter("ann")
		for id, name := range map[string]string{"ann": "Ann", "bob": "Bob"} {
			if _, err := named.Publish(t.Context(), log, namesTopic, guest.Guest{ID: id, Name: name}); err != nil {
				t.Fatal(err)
			}
		}
		after(2*staleTime + 2*time.Hour)
		expect(t, "two days later", here(t, log), "ann")
		if page, err := log.Read(t.Context(), 0, 10, namesTopic); err != nil || len(page.Events) != 0 {
			t.Errorf("the log still has %d names, %v", len(page.Events), err)
		}
		n.stop()
		n = startNode(t, log, "")
		for id, want := range map[string]string{"ann": "Ann", "bob": "Bob"} {
			if got, err := n.site.guest(t.Context(), id); err != nil || got.Name != want {
				t.Errorf("after a restart %s is called %q, %v; want %q", id, got.Name, err, want)
			}
		}
	})
}

// A name that is set on another node shows at once, however long nothing else has
// changed.
func TestPresenceHasANewNameAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := eventlog.NewMemory(eventlog.Retention{})
		a, b := startNode(t, log, "a"), startNode(t, log, "b")
		a.enter("ann")
		for _, name := range []string{"Ann", "Anna", "Annabel"} {
			after(2 * reportInterval)
			if _, err := named.Publish(t.Context(), log, namesTopic, guest.Guest{ID: "ann", Name: name}); err != nil {
				t.Fatal(err)
			}
			after(3 * presencePace)
			if p, _, _ := b.site.reports.last(); len(p.Guests) != 1 || p.Guests[0].Name != name {
				t.Errorf("%+v are here, want %s", p.Guests, name)
			}
		}
	})
}
