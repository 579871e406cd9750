package jetstream

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// A hold is a value that holds events.
type hold struct {
	name string
	at   event.ID
	seq  uint64 // of its head
	upTo uint64 // the number up to which it includes the events
}

// holds are the values that hold events, as far as they have been read: all up to
// number next. What was deleted or holds nothing any more is still among them: it is
// left out when it would be the one that matters.
type holds struct {
	all  map[string]hold
	next uint64
	of   eventlog.State // by which positions are judged
}

// refresh reads the values that are new: any replica gives most of them, and the
// leader reports when there are no more.
func (l *Log) refresh(ctx context.Context, info *jetstream.StreamInfo) error {
	h := &l.trimming.holds
	of := eventlog.State{Epoch: info.Config.Metadata[epochKey], Last: math.MaxUint64, Generations: l.o.Generations()}
	if h.all == nil || of.Epoch != h.of.Epoch || of.Generations.Newest() != h.of.Generations.Newest() {
		*h = holds{all: map[string]hold{}, of: of, next: 1}
	}
	var unproved []string
	err := l.readHolds(ctx, h.next, func(one head, seq uint64) {
		if h.next = seq + 1; one.seq == 0 {
			return
		}
		h.all[one.name] = h.hold(one)
		if !of.Proves(one.at) {
			unproved = append(unproved, one.name)
		}
	})
	if len(unproved) > 0 {
		l.o.Logger.Warn("values hold all events: their positions are not of the history that the event log has, or lie beyond its end",
			"stream", l.o.Stream, "values", len(unproved), "one", unproved[0])
	}
	return err
}

func (h *holds) hold(one head) hold {
	return hold{one.name, one.at, one.seq, h.of.Includes(eventlog.Value{Position: one.at})}
}

// readHolds calls fn with the heads of values that hold events, and their numbers,
// from a number on. What is no value has an empty head.
func (l *Log) readHolds(ctx context.Context, next uint64, fn func(head, uint64)) error {
	o := l.values.o
	filter := o.heads(holdKind, ">")
	for {
		request, err := json.Marshal(directGet{Seq: next, Next: filter, Batch: getBatch, MaxBytes: getBytes})
		if err != nil {
			return err
		}
		f, err := l.values.tryGet(ctx, request, tryTime)
		if err != nil {
			return err
		}
		for _, m := range f.messages {
			one, _ := headOf(o, m.Header.Get(jetstream.SubjectHeader), seqOf(m), m.Header, m.Data)
			one.data, next = nil, seqOf(m)+1
			fn(one, seqOf(m))
		}
		if len(f.messages) > 0 {
			continue
		}
		m, found, err := l.values.ask(ctx, messageGet{Seq: next, Next: filter})
		if err != nil || !found {
			return err
		}
		header, err := m.header()
		if err != nil {
			return err
		}
		one, _ := headOf(o, m.Subject, m.Seq, header, m.Data)
		one.data, next = nil, m.Seq+1
		fn(one, m.Seq)
	}
}

// lowest returns the value that includes the fewest events, if one includes less
// than up to a number: those that look so are asked for, since they may have been
// deleted or replaced.
func (l *Log) lowest(ctx context.Context, upTo uint64) (low hold, ok bool, err error) {
	h := &l.trimming.holds
	var below []hold
	for _, one := range h.all {
		if one.upTo < upTo {
			below = append(below, one)
		}
	}
	slices.SortFunc(below, func(a, b hold) int { return cmp.Compare(a.upTo, b.upTo) })
	for _, one := range below {
		if ok && low.upTo <= one.upTo {
			return low, true, nil
		}
		now, err := l.head(ctx, one.name)
		switch {
		case err != nil:
			return low, false, err
		case now.seq == one.seq:
			return one, true, nil
		case now.kind != holdKind:
			delete(h.all, one.name)
			if now.seq > 0 {
				l.purgeHeads(ctx, now) // in case that a node died before it could
			}
			continue
		}
		// It was replaced by one that refresh has not read yet.
		newer := h.hold(now)
		h.all[one.name] = newer
		if newer.upTo < upTo && (!ok || newer.upTo < low.upTo) {
			low, ok = newer, true
		}
	}
	return low, ok, nil
}
