package jetstream

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

const (
	// replayEvents and replayBytes bound what a replay has read ahead.
	replayEvents = 16_384
	replayBytes  = 16 << 20
	// dense is the part of a stretch of the log, one in so many, that the topics must
	// have for it to be read whole. To find the next events of a topic the server looks
	// at all that are between, and counts those that follow.
	dense = 4
)

// A replay reads each topic ahead of the page, in batches, and merges them. Where the
// topics have most of the log's events it reads all of them.
type replay struct {
	log    *Log
	topics []string // each once, in order; none for all
	next   uint64   // all events below it were returned
	whole  bool     // read all topics

	// The topics as of one replica, whose last number was upTo.
	begun bool
	of    lineage
	upTo  uint64
	ahead []*readAhead
}

// A readAhead is what a replay has read of one topic. Its last event is number last.
type readAhead struct {
	subject string
	last    uint64
	next    uint64 // what there is below it has been read
	size    int    // of the next batch
	events  []event.Event
}

// Replay implements [eventlog.Replayer].
func (l *Log) Replay(from uint64, topics ...string) eventlog.Replay {
	topics = slices.Compact(slices.Sorted(slices.Values(topics)))
	return &replay{log: l, topics: topics, next: from, whole: len(topics) == 0}
}

// Next implements [eventlog.Replay].
func (r *replay) Next(ctx context.Context, limit int) (eventlog.Page, error) {
	page, err := r.read(ctx, max(limit, 1))
	if err != nil {
		return eventlog.Page{}, fmt.Errorf("replay from %d: %w", r.next, err)
	}
	r.choose(page)
	r.next = page.Next
	return page, nil
}

// choose decides how to read on, by what part of the log a page was.
func (r *replay) choose(page eventlog.Page) {
	if len(r.topics) == 0 || page.Head {
		return
	}
	was, span := r.whole, page.Next-max(r.next, 1)
	switch n := uint64(len(page.Events)); {
	case n*dense >= span:
		r.whole = true
	case n*dense*2 < span:
		r.whole = false
	}
	if r.whole != was {
		r.begun, r.ahead = false, nil
	}
}

func (r *replay) read(ctx context.Context, limit int) (eventlog.Page, error) {
	if err := eventlog.CheckTopics(r.topics); err != nil {
		return eventlog.Page{}, err
	}
	ctx, leave, err := r.log.enter(ctx)
	if err != nil {
		return eventlog.Page{}, err
	}
	defer leave()
	ctx, cancel := context.WithTimeoutCause(ctx, budget, errBudget)
	defer cancel()
	if r.whole {
		page, err := r.pick(ctx, limit)
		if err != nil {
			return page, err
		}
		return r.log.checkGap(ctx, r.next, page)
	}
	for {
		page, err := r.merged(ctx, limit)
		if !errors.Is(err, errRestarted) {
			return page, err
		}
		r.begun = false
	}
}

// pick reads on in the whole log, and returns the events of the topics.
func (r *replay) pick(ctx context.Context, limit int) (eventlog.Page, error) {
	page, of := eventlog.Page{Next: max(r.next, 1)}, r.log.lineage()
	for len(page.Events) == 0 && !page.Head {
		f, err := r.log.get(ctx, directGet{Seq: page.Next, Batch: getBatch})
		if err != nil {
			return eventlog.Page{}, err
		}
		if !r.log.lineage().is(of) { // as in readSubject
			of = r.log.lineage()
			continue
		}
		page.Head = !f.more
		for _, m := range f.messages {
			if len(page.Events) == limit {
				page.Head = false
				break
			}
			page.Next = seqOf(m) + 1
			if !r.has(topicOf(r.log.o.Subject, m)) {
				continue
			}
			if e, ok := r.log.event(of, m); ok {
				page.Events = append(page.Events, e)
			}
		}
	}
	return page, nil
}

// has reports whether a topic is one of the replay's.
func (r *replay) has(topic string) bool {
	if len(r.topics) == 0 {
		return true
	}
	_, is := slices.BinarySearch(r.topics, topic)
	return is
}

// merged returns the next page of topics that are each read by itself.
func (r *replay) merged(ctx context.Context, limit int) (eventlog.Page, error) {
	if err := r.begin(ctx, limit); err != nil {
		return eventlog.Page{}, err
	}
	if len(r.ahead) == 0 { // there is nothing, or too much for one answer
		r.begun = false
		return r.log.read(ctx, r.next, limit, r.topics)
	}
	page, err := r.merge(ctx, limit)
	if err != nil {
		return page, err
	}
	return r.log.checkGap(ctx, r.next, page)
}

// begin asks one replica for the last event of each topic, unless that is known.
func (r *replay) begin(ctx context.Context, limit int) error {
	if r.begun && r.log.lineage().is(r.of) {
		return nil
	}
	r.of, r.ahead = r.log.lineage(), nil
	last, upTo, err := r.log.lastOf(ctx, r.topics)
	if err != nil {
		return err
	}
	r.begun, r.upTo = true, upTo
	for topic, seq := range last {
		if seq >= r.next {
			size := max(min(limit, replayEvents)/len(last), 16)
			r.ahead = append(r.ahead, &readAhead{subject: r.log.o.Subject + "." + topic, last: seq, next: max(r.next, 1), size: size})
		}
	}
	return nil
}

// merge returns the next page of what was read ahead, and reads on in the topic that
// ends first until the page is full.
func (r *replay) merge(ctx context.Context, limit int) (eventlog.Page, error) {
	for {
		first, bound := r.endsFirst()
		n := 0
		for _, a := range r.ahead {
			n += a.below(bound)
		}
		if n >= limit || first == nil {
			return r.take(limit, bound, first == nil), nil
		}
		before := first.next
		if err := r.readOn(ctx, first); err != nil {
			return eventlog.Page{}, err
		}
		switch {
		case first.next > before:
		case n > 0:
			return r.take(limit, bound, false), nil
		case wait(ctx, lagPause):
			// A replica lags behind the one that has answered first, or events have left.
			return eventlog.Page{}, errRestarted
		default:
			return eventlog.Page{}, r.log.interrupted(ctx)
		}
	}
}

// endsFirst returns the topic that has been read least far, nil if all have been read,
// and the number below which all are.
func (r *replay) endsFirst() (first *readAhead, bound uint64) {
	bound = r.upTo + 1
	for _, a := range r.ahead {
		if a.next <= a.last && (first == nil || a.next < first.next) {
			first, bound = a, a.next
		}
	}
	return first, bound
}

// readOn reads the next batch of a topic, which is larger than the last one.
func (r *replay) readOn(ctx context.Context, a *readAhead) error {
	g := directGet{Seq: a.next, Next: a.subject, Batch: min(a.size, getBatch), MaxBytes: replayBytes / len(r.ahead)}
	f, err := r.log.get(ctx, g)
	if err != nil {
		return err
	}
	if !r.log.lineage().is(r.of) {
		return errRestarted
	}
	for _, m := range f.messages {
		a.next = seqOf(m) + 1
		if e, ok := r.log.event(r.of, m); ok {
			a.events = append(a.events, e)
		}
	}
	a.size = min(2*a.size, max(replayEvents/len(r.ahead), 16))
	return nil
}

// below returns how many of the events have a number below one.
func (a *readAhead) below(bound uint64) int {
	n, _ := slices.BinarySearchFunc(a.events, bound, func(e event.Event, seq uint64) int {
		if e.ID().Seq() < seq {
			return -1
		}
		return 1
	})
	return n
}

// take returns the oldest events, all of which are below bound.
func (r *replay) take(limit int, bound uint64, head bool) eventlog.Page {
	page := eventlog.Page{Next: max(r.next, bound), Head: head}
	for _, a := range r.ahead {
		page.Events = append(page.Events, a.events[:a.below(bound)]...)
	}
	page = cut(page, limit)
	for _, a := range r.ahead {
		a.events = a.events[a.below(page.Next):]
	}
	if page.Head {
		r.begun = false // what comes now is asked for anew
	}
	return page
}
