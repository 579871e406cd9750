package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// inFlight is how many connections a fleet opens at a time by default: enough to keep a
// server's accept loop busy, fewer than its backlog holds.
const inFlight = 256

// A Fleet is a number of streams that are opened, measured and cut together,
// one for each room in its list. Its methods may be called from any goroutine
// but the loop's.
type Fleet struct {
	// InFlight is how many connections are opened at a time. Default 256.
	InFlight int

	loop    *Loop
	readers []*reader

	// The rest belongs to the loop's goroutine.
	waiting []*reader // to be opened
	opening int
	opened  chan struct{} // closed when nothing is left to be opened
	counts  Counts
	fails   []error
}

// Counts are what a fleet has received since it was last reset.
type Counts struct {
	Delivered int       // events, each counted once for a stream
	Repeated  int       // that had come before
	Late      int       // that came after a later one
	Ended     int       // streams, by the server
	Served    Histogram // from when an event was sent to its arrival
	Overdue   Histogram // from when it was due
	Last      time.Time // the last arrival
}

// A reader is one stream and what it has received.
type reader struct {
	fleet  *Fleet
	stream *Stream
	room   string
	ledger Ledger

	opening bool
}

// NewFleet returns a fleet without connections.
func NewFleet(l *Loop, rooms []string) *Fleet {
	f := &Fleet{InFlight: inFlight, loop: l}
	for _, room := range rooms {
		r := &reader{fleet: f, room: room}
		r.stream = l.NewStream("/events?topic=room."+room, r)
		f.readers = append(f.readers, r)
	}
	return f
}

// MakeRemote makes the first n streams look like ones from beyond an Ethernet.
// It is for before Connect.
func (f *Fleet) MakeRemote(n int) {
	for _, r := range f.readers[:n] {
		r.stream.Remote = true
	}
}

// Connect opens every stream that is not open and returns how long it took
// until the last response's head was there. The error names the first failures.
func (f *Fleet) Connect(ctx context.Context) (time.Duration, error) {
	start := time.Now()
	opened := make(chan struct{})
	f.loop.Do(func() {
		f.opened, f.fails = opened, nil
		for _, r := range f.readers {
			if r.stream.IsClosed() {
				f.waiting = append(f.waiting, r)
			}
		}
		f.openNext()
	})
	select {
	case <-opened:
	case <-ctx.Done():
		return 0, fmt.Errorf("load: the streams did not open: %w", ctx.Err())
	}
	took := time.Since(start)
	var err error
	f.loop.Do(func() { err = errors.Join(f.fails[:min(len(f.fails), 3)]...) })
	return took, err
}

// Cut closes every stream without notice.
func (f *Fleet) Cut() {
	f.loop.Do(func() {
		for _, r := range f.readers {
			r.stream.Close()
		}
	})
}

// Pause makes the first n streams stop reading.
func (f *Fleet) Pause(n int) (err error) {
	f.loop.Do(func() {
		for _, r := range f.readers[:n] {
			err = errors.Join(err, r.stream.Pause())
		}
	})
	return err
}

// Counts returns the counts.
func (f *Fleet) Counts() (c Counts) {
	f.loop.Do(func() { c = f.counts })
	return c
}

// Reset starts the counts anew. What each stream has received is not forgotten.
func (f *Fleet) Reset() {
	f.loop.Do(func() { f.counts = Counts{} })
}

// Missing counts the published events that have not come, leaving out the first
// skip streams.
func (f *Fleet) Missing(t Acknowledged, skip int) (n int) {
	f.loop.Do(func() {
		for _, r := range f.readers[skip:] {
			n += r.ledger.Missing(t[r.room])
		}
	})
	return n
}

// Await returns when nothing is missing, or nothing has come for the time
// given, or ctx has ended.
func (f *Fleet) Await(ctx context.Context, t Acknowledged, skip int, quiet time.Duration) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	start := time.Now()
	for f.Missing(t, skip) > 0 {
		var last time.Time
		f.loop.Do(func() { last = f.counts.Last })
		if time.Since(later(start, last)) > quiet {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func later(a, b time.Time) time.Time {
	return slices.MaxFunc([]time.Time{a, b}, time.Time.Compare)
}

// openNext keeps InFlight connections opening while there are more to open.
func (f *Fleet) openNext() {
	for len(f.waiting) > 0 && f.opening < f.InFlight {
		r := f.waiting[0]
		f.waiting = f.waiting[1:]
		if err := r.stream.Open(); err != nil {
			f.fails = append(f.fails, err)
			continue
		}
		r.opening = true
		f.opening++
	}
	if f.opening == 0 && len(f.waiting) == 0 && f.opened != nil {
		close(f.opened)
		f.opened = nil
	}
}

// settle notes that a connection has opened or failed.
func (r *reader) settle() {
	if r.opening {
		r.opening = false
		r.fleet.opening--
		r.fleet.openNext()
	}
}

// Opened implements [Watcher].
func (r *reader) Opened(*Stream) { r.settle() }

// Received implements [Watcher].
func (r *reader) Received(_ *Stream, e Event, at time.Time) {
	m, ok := FindStamp(e.Data)
	if !ok {
		return // a hello, a heartbeat, a ping
	}
	c := &r.fleet.counts
	c.Last = at
	switch r.ledger.Note(m) {
	case Repeated:
		c.Repeated++
		return
	case Late:
		c.Late++
	case InOrder:
	}
	c.Delivered++
	since := at.Sub(clock)
	c.Served.Record(since - m.Sent)
	c.Overdue.Record(since - m.Due)
}

// Ended implements [Watcher].
func (r *reader) Ended(_ *Stream, err error) {
	r.fleet.counts.Ended++
	r.fleet.fails = append(r.fleet.fails, err)
	r.settle()
}
