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

// lagPause is how long a replica that lags is given before it is asked again.
const lagPause = 10 * time.Millisecond

// Read implements [eventlog.Log].
func (l *Log) Read(ctx context.Context, from uint64, limit int, topics ...string) (eventlog.Page, error) {
	page, err := l.read(ctx, max(from, 1), max(limit, 1), topics)
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
		return l.readSubject(ctx, from, limit, "")
	}
	for {
		page, err := l.readTopics(ctx, from, limit, topics)
		if err != nil || len(page.Events) > 0 || page.Head {
			return page, err
		}
		// A replica lags behind another: what is known to exist is awaited.
		if from = page.Next; !wait(ctx, lagPause) {
			return page, l.interrupted(ctx)
		}
	}
}

// readSubject returns a page of one subject, or of all if it is empty.
func (l *Log) readSubject(ctx context.Context, from uint64, limit int, subject string) (eventlog.Page, error) {
	page, of := eventlog.Page{Next: from}, l.lineage()
	for len(page.Events) == 0 && !page.Head { // what is no event does not fill a page
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
// replicas, of which one may know less than another: to merge all that they
// return would skip what the first does not have yet. So one replica is asked
// for the last event of every topic at once, and a topic counts as read up to
// the number for which that answer was given only when its pages have reached
// its last event in it. A single topic is asked for as well: without that
// answer, a page with nothing on it would not say how far it looked.
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
			continue // quiet: nothing of it in the page
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

// readNothing returns the page of topics of which a replica knows no event.
// That answer has no number, and to ask for one would be to ask another replica.
// So the leader is asked, which lags behind nobody, whether it has any.
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

// infoOf asks the leader for the stream's state, with how many events a subject
// has, until there is an answer or ctx ends.
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

// cut sorts a merged page, leaves out what lies beyond its Next, and bounds it.
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

// lastOf returns the number of each topic's last event, as one replica knew
// them when its own last number was upTo. It returns nil if the topics, or
// their events, are too many for one answer.
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

// scan reads everything and keeps the topics'.
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
