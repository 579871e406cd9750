//go:build !js

package live

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
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

// load returns the first events, and the states, from the host that the page is drawn on;
// none outside of a draw.
func load(r request) first {
	if d := drawingHere(); d.pages != nil {
		return d.pages.loader.load(d, r)
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

func (l *loader) load(d *drawing, r request) (f first) {
	d.loads++
	ctx, cancel := context.WithTimeout(context.Background(), loadTime)
	defer cancel()
	if len(r.topics) > 0 {
		d.failed = !l.loadEvents(ctx, d, &f, r) || d.failed
	}
	for _, topic := range r.states {
		d.failed = !l.loadState(ctx, d, &f, topic) || d.failed
	}
	return f
}

// seenBy returns a context of who may see a topic: of a stranger, or else of the one that
// the page is drawn for, which makes it private.
func (l *loader) seenBy(ctx context.Context, d *drawing, topic string) (context.Context, error) {
	err := l.host.Sees(ctx, topic)
	if err == nil || d.request == nil {
		return ctx, err
	}
	d.private = true // for others it may be another
	mine := userContext{ctx, d.request.Context()}
	return mine, l.host.Sees(mine, topic)
}

// A userContext has the end of one context, and the values of a request's: who has sent
// it.
type userContext struct {
	context.Context
	request context.Context
}

// Value implements [context.Context].
func (c userContext) Value(key any) any { return c.request.Value(key) }

func (l *loader) loadEvents(ctx context.Context, d *drawing, f *first, r request) (ok bool) {
	if l.isBackingOff() {
		return false
	}
	for _, topic := range r.topics {
		if _, err := l.seenBy(ctx, d, topic); err != nil {
			l.failed(ctx, err)
			return false
		}
	}
	events, position, err := l.snapshot(ctx, r)
	if err != nil {
		l.failed(ctx, err)
		return false
	}
	f.Topics, f.Position, f.Versions, f.Events = r.topics, position, event.OwnVersions(), make([]carried, len(events))
	for i, e := range events {
		f.Events[i] = carry(e)
		d.expire(e.Expires())
	}
	d.note(position, r.topics...)
	return true
}

// snapshot returns the events in order, and the position up to which they are complete.
// With a number for each topic, that is the lowest of several positions. What came after
// it is left to the stream, which would bring it again.
func (l *loader) snapshot(ctx context.Context, r request) (all []event.Event, position event.ID, err error) {
	if r.each == nil {
		return l.host.Snapshot(ctx, r.topics, r.last)
	}
	for i, topic := range r.topics {
		events, at, err := l.host.Snapshot(ctx, []string{topic}, r.each[topic])
		if err != nil {
			return nil, position, err
		}
		if all = append(all, events...); i == 0 || at.Seq() < position.Seq() {
			position = at
		}
	}
	all = slices.DeleteFunc(all, func(e event.Event) bool { return e.ID().Seq() > position.Seq() })
	slices.SortFunc(all, func(a, b event.Event) int { return cmp.Compare(a.ID().Seq(), b.ID().Seq()) })
	return all, position, nil
}

func (l *loader) loadState(ctx context.Context, d *drawing, f *first, topic string) (ok bool) {
	if l.isBackingOff() {
		return false
	}
	ctx, err := l.seenBy(ctx, d, topic)
	if err != nil {
		l.failed(ctx, err)
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
