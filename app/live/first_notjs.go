//go:build !js

package live

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

const (
	// loadTime bounds how long a page view waits for the log.
	loadTime = time.Second
	// backoffTime is how long the log is not read after it did not answer within
	// loadTime: only a few pages are drawn at a time, and each would hold up all
	// others.
	backoffTime = 5 * time.Second
)

// current reads from the host of the process. go-app's routes have no other way to
// find it.
var current atomic.Pointer[loader]

// load returns the first events, and the states, from the process's host; none without
// a host.
func load(topics []string, last int, states []string) first {
	if l := current.Load(); l != nil {
		return l.load(topics, last, states)
	}
	return first{}
}

// A loader reads the first events of pages from a host. Draws do not share a read: no
// more than half the processors draw at the same time.
type loader struct {
	host    Host
	warning fault.Warning

	mu     sync.Mutex
	resume time.Time // when the log is asked again
}

func (l *loader) load(topics []string, last int, states []string) (f first) {
	d := drawingHere()
	d.begin(l)
	ctx, cancel := context.WithTimeout(context.Background(), loadTime)
	defer cancel()
	if len(topics) > 0 {
		d.failed = !l.loadEvents(ctx, d, &f, topics, last) || d.failed
	}
	for _, topic := range states {
		d.failed = !l.loadState(ctx, d, &f, topic) || d.failed
	}
	return f
}

func (l *loader) loadEvents(ctx context.Context, d *drawing, f *first, topics []string, last int) (ok bool) {
	if l.isBackingOff() {
		return false
	}
	events, position, err := l.host.Snapshot(ctx, topics, last)
	if err != nil {
		l.failed(ctx, err)
		return false
	}
	f.Topics, f.Position, f.Versions, f.Events = topics, position, event.OwnVersions(), make([]carried, len(events))
	for i, e := range events {
		f.Events[i] = carry(e)
		d.expire(e.Expires())
	}
	d.note(position, topics...)
	return true
}

func (l *loader) loadState(ctx context.Context, d *drawing, f *first, topic string) (ok bool) {
	if l.isBackingOff() {
		return false
	}
	value, print, position, err := l.host.State(ctx, topic)
	if err != nil {
		l.failed(ctx, err)
		return false
	}
	f.States = append(f.States, carriedState{Topic: topic, Type: print, Position: position, Value: value})
	d.note(position, topic)
	return true
}

// isUnchanged reports whether the host proves that topics are as they were at a
// position.
func (l *loader) isUnchanged(since event.ID, topics []string) bool {
	if l.isBackingOff() {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), loadTime)
	defer cancel()
	ok, err := l.host.Unchanged(ctx, since, topics...)
	if err != nil {
		l.backOff(ctx) // the page is drawn anew, and without its events if need be
	}
	return ok && err == nil
}

func carry(e event.Event) carried {
	m := e.Meta()
	c := carried{ID: m.ID, Topic: m.Topic, At: m.At, form: form{e.Type(), e.Data()}}
	for _, older := range event.OlderForms(e.Type(), e.Data()) {
		c.Older = append(c.Older, form{older.Name, older.Data})
	}
	return c
}

func (l *loader) isBackingOff() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Now().Before(l.resume)
}

// backOff leaves the log alone for a while if ctx has ended before it answered.
func (l *loader) backOff(ctx context.Context) {
	if ctx.Err() != nil {
		l.mu.Lock()
		l.resume = time.Now().Add(backoffTime)
		l.mu.Unlock()
	}
}

func (l *loader) failed(ctx context.Context, err error) {
	l.backOff(ctx)
	l.warning.Log(slog.Default(), "a page is drawn without its events", "err", err)
}
