package jetstream

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// maxMerged is the number of topics up to which each is read by itself; the
// server gives the last events of at most 1,024 topics at once.
const maxMerged = 1000

// lagPause is the time before a replica that lags is asked again.
const lagPause = 10 * time.Millisecond

// Read implements [eventlog.Log].
func (l *Log) Read(ctx context.Context, from uint64, limit int, topics ...string) (eventlog.Page, error) {
	page, err := l.read(ctx, from, max(limit, 1), topics)
	if err != nil {
		return eventlog.Page{}, fmt.Errorf("read from %d: %w", from, err)
	}
	return page, nil
}

func (l *Log) read(ctx context.Context, from uint64, limit int, topics []string) (eventlog.Page, error) {
	if err := eventlog.CheckTopics(topics); err != nil {
		return eventlog.Page{}, err
	}
	ctx, leave, err := l.enter(ctx)
	if err != nil {
		return eventlog.Page{}, err
	}
	defer leave()
	ctx, cancel := context.WithTimeoutCause(ctx, budget, errBudget)
	defer cancel()
	topics = slices.Compact(slices.Sorted(slices.Values(topics)))
	if len(topics) == 0 {
		return l.readWhole(ctx, from, limit)
	}
	for {
		page, err := l.readTopics(ctx, max(from, 1), limit, topics)
		if err == nil {
			page, err = l.checkGap(ctx, from, page)
		}
		if err != nil || len(page.Events) > 0 || page.Head {
			return page, err
		}
		// A replica lags behind another: wait for events that are known to
		// exist.
		if from > 0 {
			from = page.Next
		}
		if !wait(ctx, lagPause) {
			return page, l.interrupted(ctx)
		}
	}
}

// readWhole returns a page of all topics that nothing is missing from.
func (l *Log) readWhole(ctx context.Context, from uint64, limit int) (eventlog.Page, error) {
	page, err := l.readSubject(ctx, max(from, 1), limit, "")
	if err != nil {
		return eventlog.Page{}, err
	}
	return l.checkGap(ctx, from, page)
}

// readSubject returns a page of one subject, or of all if it is empty.
func (l *Log) readSubject(ctx context.Context, from uint64, limit int, subject string) (eventlog.Page, error) {
	page, of := eventlog.Page{Next: from}, l.lineage()
	for len(page.Events) == 0 && !page.Head { // messages that are not events do not fill a page
		f, err := l.get(ctx, directGet{Seq: page.Next, Next: subject, Batch: min(limit, getBatch)})
		if err != nil {
			return eventlog.Page{}, err
		}
		if l.o.Generations().Newest() != of.gens.Newest() {
			// It may have been answered before that or after. There is no event
			// in the page yet.
			of = l.lineage()
			continue
		}
		page.Head = !f.more
		for _, m := range f.messages {
			page.Next = seqOf(m) + 1
			if e, ok := l.event(of, m); ok {
				page.Events = append(page.Events, e)
			}
		}
	}
	return page, nil
}

// readTopics merges topics. Each is read by itself, perhaps from different
// replicas, of which one may lag behind another: merging all that they return
// would skip events that one does not have yet. So one replica is asked for the
// last event of every topic at once, and a topic counts as read up to that
// response's number only when its pages have reached its last event in it. A
// single topic is handled likewise: without that response, an empty page would
// not say how far the log was searched.
func (l *Log) readTopics(ctx context.Context, from uint64, limit int, topics []string) (eventlog.Page, error) {
	last, upTo, err := l.lastOf(ctx, topics)
	if err != nil {
		return eventlog.Page{}, err
	}
	if last == nil {
		return l.scan(ctx, from, limit, topics)
	}
	if len(last) == 0 {
		return l.readNothing(ctx, from, topics)
	}
	page := eventlog.Page{Next: max(from, upTo+1), Head: true}
	for topic, lastSeq := range last {
		if lastSeq < from {
			continue // no event of it in the page
		}
		part, err := l.readSubject(ctx, from, limit, l.o.Subject+"."+topic)
		if err != nil {
			return eventlog.Page{}, err
		}
		page.Events = append(page.Events, part.Events...)
		if part.Next <= lastSeq {
			page.Next, page.Head = min(page.Next, part.Next), false
		}
	}
	return cut(page, limit), nil
}

// readNothing returns the page of topics of which a replica has no event. Its
// response has no number, and a second request could go to another replica. So
// it asks the leader, which never lags, whether it has any.
func (l *Log) readNothing(ctx context.Context, from uint64, topics []string) (eventlog.Page, error) {
	page := eventlog.Page{Next: from, Head: true}
	upTo := uint64(math.MaxUint64)
	for _, topic := range topics {
		subject := l.o.Subject + "." + topic
		info, err := l.infoOf(ctx, subject)
		if err != nil {
			return eventlog.Page{}, err
		}
		if info.State.Subjects[subject] > 0 {
			page.Head = false // the replica lags
			return page, nil
		}
		upTo = min(upTo, info.State.LastSeq)
	}
	page.Next = max(from, upTo+1)
	return page, nil
}

// infoOf requests the stream's state from the leader, with the number of a
// subject's events, until there is an answer or ctx ends.
func (l *Log) infoOf(ctx context.Context, subject string) (*jetstream.StreamInfo, error) {
	for {
		info, err := l.tryInfo(ctx, subject)
		if err == nil {
			return info, nil
		}
		if !wait(ctx, againPause) {
			return nil, fmt.Errorf("%w (last answer: %v)", l.interrupted(ctx), err)
		}
	}
}

func (l *Log) tryInfo(ctx context.Context, subject string) (*jetstream.StreamInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	stream, err := l.js.Stream(ctx, l.o.Stream)
	if err != nil {
		return nil, err
	}
	return stream.Info(ctx, jetstream.WithSubjectFilter(subject))
}

// cut sorts a merged page, drops events beyond its Next, and applies the limit.
func cut(page eventlog.Page, limit int) eventlog.Page {
	slices.SortFunc(page.Events, func(a, b event.Event) int {
		if a.ID().Seq() < b.ID().Seq() {
			return -1
		}
		return 1 // no two events have one number
	})
	beyond := slices.IndexFunc(page.Events, func(e event.Event) bool { return e.ID().Seq() >= page.Next })
	if beyond >= 0 {
		page.Events, page.Head = page.Events[:beyond], false
	}
	if len(page.Events) > limit {
		page.Events, page.Head = page.Events[:limit], false
		page.Next = page.Events[limit-1].ID().Seq() + 1
	}
	return page
}

// lastOf returns the number of each topic's last event, as of one replica whose
// last number was upTo. It returns nil if the topics, or their events, are too
// many for one answer.
func (l *Log) lastOf(ctx context.Context, topics []string) (last map[string]uint64, upTo uint64, err error) {
	if len(topics) > maxMerged {
		return nil, 0, nil
	}
	subjects := make([]string, len(topics))
	for i, topic := range topics {
		subjects[i] = l.o.Subject + "." + topic
	}
	f, err := l.get(ctx, directGet{Last: subjects})
	if err != nil || f.more {
		return nil, 0, err
	}
	last = map[string]uint64{}
	for _, m := range f.messages {
		last[topicOf(l.o.Subject, m)] = seqOf(m)
	}
	return last, f.upTo, nil
}

// scan reads events of all topics and keeps those of the given ones.
func (l *Log) scan(ctx context.Context, from uint64, limit int, topics []string) (eventlog.Page, error) {
	merged := eventlog.Page{Next: from}
	for len(merged.Events) == 0 && !merged.Head {
		page, err := l.readSubject(ctx, merged.Next, limit, "")
		if err != nil {
			return eventlog.Page{}, err
		}
		merged.Next, merged.Head = page.Next, page.Head
		merged.Events = slices.DeleteFunc(page.Events, func(e event.Event) bool {
			_, wanted := slices.BinarySearch(topics, e.Topic())
			return !wanted
		})
	}
	return merged, nil
}
