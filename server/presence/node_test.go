package presence

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/presence"
)

func TestUsersComeAndGo(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		s := r.start()
		p := r.open(s, presence.Site)
		leave := s.Connect("ann", []string{"clock"})
		again := s.Connect("ann", nil)
		s.Connect("bob", nil)
		s.Connect("", nil)
		p.expect(t, time.Second, "2 ann bob")
		leave()
		p.expect(t, 10*time.Second, "2 ann bob")
		again()
		p.expect(t, 4*time.Second, "2 ann bob")
		s.Connect("ann", nil)() // a page that is loaded again
		p.expect(t, 4*time.Second, "2 ann bob")
		p.expect(t, 3*time.Second, "1 bob")
		if n := p.changes(); n != 2 {
			t.Errorf("%d changes were published, want 2", n)
		}
	})
}

// Profile follows the list of a topic is in it, and in the site's.
func TestListOfATopic(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		s := r.start()
		site, red := r.open(s, presence.Site), r.open(s, "board.red")
		leave := s.Connect("ann", []string{"clock", s.topic("board.red"), s.topic(presence.Site)})
		s.Connect("bob", []string{s.topic("board.blue")})
		red.expect(t, time.Second, "1 ann")
		site.expect(t, 0, "2 ann bob")
		leave()
		red.expect(t, 7*time.Second, "0")
		site.expect(t, 0, "1 bob")
	})
}

// What others see is what the function says, which may change or be unknown for a while.
func TestNames(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		s := r.start()
		p := r.open(s, presence.Site)
		r.names.Store("ann@example.com", "Ann")
		r.names.Store("bob", errors.New("unknown"))
		r.names.Store("cy", strings.Repeat("x", presence.MaxProfile))
		for _, user := range []string{"ann@example.com", "bob", "cy"} {
			s.Connect(user, nil)
		}
		p.expect(t, time.Second, "3 Ann")
		r.names.Store("ann@example.com", "Anna")
		s.Refresh("ann@example.com")
		r.names.Store("bob", "Bob")
		p.expect(t, 3*time.Second, "3 Anna Bob")
		if data, _ := s.value(presence.Site); strings.Contains(string(data), "example") {
			t.Errorf("the list tells an identity: %s", data)
		}
	})
}

func (s *server) Refresh(user string) { s.refresh(user) }

// A list names those who came first, and another when one of these goes. Each change is a
// difference.
func TestManyUsers(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		s := r.start()
		p := r.open(s, presence.Site)
		leave := map[int]func(){}
		for i := range 1000 {
			leave[i] = s.Connect(fmt.Sprintf("user%04d", i), nil)
		}
		time.Sleep(2 * time.Second) // the bubble's
		if got := p.shows(); !strings.HasPrefix(got, "1000 user0000 user0001") || !strings.HasSuffix(got, " user0099") {
			t.Errorf("it shows %.40s", got)
		}
		before := s.log.bytes()
		s.Connect("late", nil)
		time.Sleep(2 * time.Second) // the bubble's
		joined := s.log.bytes() - before
		leave[0]()
		time.Sleep(7 * time.Second) // the bubble's
		if got := p.shows(); !strings.HasPrefix(got, "1000 user0001") || !strings.HasSuffix(got, " user0100") {
			t.Errorf("it shows %.40s", got)
		}
		if n := p.changes(); n != 3 {
			t.Errorf("%d changes, want one for all and two more", n)
		}
		left := s.log.bytes() - before - joined
		t.Logf("at 1,000 present, one who comes is %d bytes, and a named one who goes %d; all together were %d", joined, left, before)
		if joined > 200 || left > 400 {
			t.Error("that is more than a difference")
		}
	})
}

// bytes returns how many the node has appended.
func (g *gate) bytes() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.appended
}

func TestNodesKnowEachOther(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		a := r.start()
		a.Connect("ann", nil)
		time.Sleep(10 * time.Second) // the bubble's
		b := r.start()
		p := r.open(b, presence.Site)
		b.Connect("bob", nil)
		leave := b.Connect("ann", nil) // there as well
		p.expect(t, 7*time.Second, "2 ann bob")
		r.open(a, presence.Site).expect(t, 0, "2 ann bob")
		leave()
		p.expect(t, 7*time.Second, "2 ann bob")
		b.end()
		q := r.open(a, presence.Site)
		q.expect(t, 3*time.Second, "2 ann bob")
		q.expect(t, 8*time.Second, "1 ann")
	})
}

// A node that dies is out of the lists within 25 s of its death, and no sooner than it may
// have been merely busy.
func TestNodeThatDies(t *testing.T) {
	for _, after := range []time.Duration{10 * time.Second, 12 * time.Second, 13900 * time.Millisecond} {
		inBubble(t, func(t *testing.T, r *rig) {
			a, b, c := r.start(), r.start(), r.start()
			a.Connect("ann", []string{a.topic("board.red")})
			b.Connect("bob", nil)
			c.Connect("cy", []string{c.topic("board.red")})
			p, red := r.open(a, presence.Site), r.open(a, "board.red")
			p.expect(t, after, "3 ann bob cy")
			c.die()
			p.expect(t, 11*time.Second, "3 ann bob cy")
			p.expect(t, 14*time.Second, "2 ann bob")
			red.expect(t, 0, "1 ann")
		})
	}
}

// Neither a log that is out of reach makes a list shorter, nor a node that is slow.
func TestOutageIsNoDeath(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		a, b := r.start(), r.start()
		a.Connect("ann", nil)
		b.Connect("bob", nil)
		p := r.open(a, presence.Site)
		p.expect(t, 10*time.Second, "2 ann bob")
		a.log.shut(true)
		b.log.shut(true)
		p.expect(t, 10*time.Minute, "2 ann bob")
		a.log.shut(false)
		p.expect(t, 5*time.Second, "2 ann bob")
		b.log.shut(false)
		p.expect(t, time.Minute, "2 ann bob")
		p.changes()
		for range 20 { // only one in three of its heartbeats comes in time
			b.log.shut(true)
			time.Sleep(9 * time.Second) // the bubble's
			b.log.shut(false)
			p.expect(t, 3*time.Second, "2 ann bob")
		}
		if n := p.changes(); n != 0 {
			t.Errorf("the list was changed %d times", n)
		}
	})
}

// A node that was taken for dead puts its users back.
func TestNodeThatComesBack(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		a, b := r.start(), r.start()
		a.Connect("ann", nil)
		b.Connect("bob", nil)
		p := r.open(a, presence.Site)
		p.expect(t, 10*time.Second, "2 ann bob")
		b.log.shut(true)
		p.expect(t, 30*time.Second, "1 ann")
		b.log.shut(false)
		p.expect(t, 6*time.Second, "2 ann bob")
	})
}

// The only node of a log is started again: its users have their time to come back, and a
// page that was open all the time goes on.
func TestStartOfTheOnlyNode(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		a := r.start()
		a.Connect("ann", nil)
		a.Connect("bob", nil)
		p := r.open(a, presence.Site)
		p.expect(t, time.Second, "2 ann bob")
		a.die()
		b := r.start()
		time.Sleep(2 * time.Second) // the bubble's
		p.changes()
		b.Connect("ann", nil)
		p.expect(t, 2*time.Second, "2 ann bob")
		p.expect(t, 2*time.Second, "1 ann")
		if n := p.changes(); n != 1 || p.read != 1 {
			t.Errorf("%d changes, and the list was read %d times", n, p.read)
		}
	})
}

// A lone node publishes nothing while nobody comes or goes.
func TestLoneNodeIsQuiet(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		a := r.start()
		a.Connect("ann", nil)
		time.Sleep(time.Minute) // the bubble's
		before, err := r.log.State(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour) // the bubble's
		if after, err := r.log.State(t.Context()); err != nil || after.Last != before.Last {
			t.Errorf("%d events were published, %v", after.Last-before.Last, err)
		}
	})
}

// However many come and go, the log keeps one event of a list.
func TestLogStaysSmall(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		a, b := r.start(), r.start()
		for i := range 500 {
			a.Connect(fmt.Sprint("a", i), nil)()
			b.Connect(fmt.Sprint("b", i), nil)()
			time.Sleep(time.Second) // the bubble's
		}
		time.Sleep(time.Minute) // the bubble's
		s, err := r.log.State(t.Context())
		if err != nil || s.Events > 40 || s.Bytes > 20_000 {
			t.Errorf("the log holds %d events of %d bytes, %v", s.Events, s.Bytes, err)
		}
		t.Logf("%d events were published, and %d of %d bytes are left", s.Last, s.Events, s.Bytes)
	})
}

// Retention removes the newest change of a list that has not changed for long.
func TestListOutlivesTheRetention(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.log = eventlog.NewMemory(eventlog.Retention{MaxAge: time.Hour})
		a := r.start()
		a.Connect("ann", nil)
		time.Sleep(5 * time.Hour) // the bubble's
		a.Connect("bob", nil)
		time.Sleep(5 * time.Second) // the bubble's
		r.open(a, presence.Site).expect(t, 0, "2 ann bob")
		r.start().Connect("cy", nil)
		r.open(a, presence.Site).expect(t, 9*time.Second, "3 ann bob cy")
	})
}
