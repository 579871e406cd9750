package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/seawaykit/seaway/e2e/bench/load"
)

// restTime is how long a member does nothing on average. With 2,000 members
// there are 100 acts a second.
const restTime = 20 * time.Second

// clients are all the members. It belongs to the loop's goroutine.
type clients struct {
	loop     *load.Loop
	chance   *rand.Rand
	members  []*member
	gone     []*member // who left for good, to be checked when all posts have been answered
	restless bool
	stepped  time.Time

	counts  counts
	lastEnd error
}

// counts are what has happened.
type counts struct {
	opened, ended, received int
	resumed, stalled, left  int
}

func newClients(l *load.Loop, n int, chance *rand.Rand) *clients {
	return &clients{loop: l, chance: chance, members: make([]*member, n)}
}

// arrive fills the places within two seconds.
func (c *clients) arrive() {
	c.restless, c.stepped = true, time.Now()
	for i := range c.members {
		c.members[i] = newMember(c)
		c.members[i].wake = c.stepped.Add(c.upTo(2 * time.Second))
	}
}

// step does what is due by now.
func (c *clients) step(now time.Time) {
	for _, m := range c.members {
		if !m.wake.IsZero() && !now.Before(m.wake) {
			m.wake = time.Time{}
			m.goOn()
		}
	}
	if c.restless {
		acts := float64(len(c.members)) * now.Sub(c.stepped).Seconds() / restTime.Seconds()
		for range int(acts + c.chance.Float64()) {
			c.act(c.chance.IntN(len(c.members)), now)
		}
	}
	c.stepped = now
}

// goOn ends a member's absence or stall.
func (m *member) goOn() {
	var err error
	if m.stalled {
		m.stalled = false
		err = m.stream.Unpause()
	} else if m.stream.IsClosed() {
		err = m.stream.Open()
	}
	if err != nil {
		m.fault("%v", err)
	}
}

// act lets one member do something, if it is reading now.
func (c *clients) act(i int, now time.Time) {
	m := c.members[i]
	if !m.stream.IsOpen() || m.stalled {
		return
	}
	switch c.chance.IntN(4) {
	case 0, 1: // loses its line, and resumes
		c.counts.resumed++
		m.stream.Close()
		m.wake = now.Add(c.upTo(3 * time.Second))
	case 2: // stops reading for a while
		c.counts.stalled++
		m.stalled = true
		m.wake = now.Add(c.upTo(10 * time.Second))
		if err := m.stream.Pause(); err != nil {
			m.fault("%v", err)
		}
	case 3: // leaves, and somebody else comes
		c.counts.left++
		m.stream.Close()
		c.gone = append(c.gone, m)
		c.members[i] = newMember(c)
		c.members[i].wake = now.Add(c.upTo(3 * time.Second))
	}
}

// settle ends the restlessness: whoever is away or stalled goes on at once.
func (c *clients) settle() {
	c.restless = false
	for _, m := range c.members {
		if !m.wake.IsZero() {
			m.wake = c.stepped
		}
	}
}

// behind counts the members that have not received the last event. One that has
// received nothing may have come after it.
func (c *clients) behind(last uint32) (n int) {
	for _, m := range c.members {
		if !m.met || (m.next > 0 && m.next <= last) {
			n++
		}
	}
	return n
}

// leave sends everyone home and reports what anyone has missed.
func (c *clients) leave(b *book, last uint32) error {
	for _, m := range c.members {
		m.checkEnd(b, last)
		m.stream.Close()
	}
	all := append(c.gone, c.members...)
	var errs []error
	wrong := 0
	for _, m := range all {
		m.checkStart(b)
		if len(m.faults) == 0 {
			continue
		}
		if wrong++; wrong <= 10 {
			errs = append(errs, fmt.Errorf("a reader: %q", m.faults))
		}
	}
	n := c.counts
	fmt.Printf("%d readers received %d events over %d connections: %d resumed, %d stalled, %d left for good, %d ended by the server\n",
		len(all), n.received, n.opened, n.resumed, n.stalled, n.left, n.ended)
	c.gone, c.counts = nil, counts{}
	if wrong == 0 {
		return nil
	}
	return errors.Join(append(errs, fmt.Errorf("%d of %d readers have not received what they should", wrong, len(all)))...)
}

// upTo returns a time from 0 to d.
func (c *clients) upTo(d time.Duration) time.Duration {
	return time.Duration(c.chance.Int64N(int64(d)))
}
