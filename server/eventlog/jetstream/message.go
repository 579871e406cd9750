package jetstream

import (
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

const (
	// typeHeader holds the event's type name.
	typeHeader = "Seaway-Type"
	// requestHeader holds the name of the request that the event was stored for.
	requestHeader = "Seaway-Request"
	// timeHeader is set by the server on what it stored.
	timeHeader = "Nats-Time-Stamp"
)

// message returns the message that is published for a draft. The key is stored
// with the event, as the message id: from it and the number every reader
// computes the same event id.
func (l *Log) message(d event.Draft) *nats.Msg {
	m := nats.NewMsg(l.o.Subject + "." + d.Topic)
	m.Data = d.Data
	m.Header.Set(typeHeader, d.Type)
	m.Header.Set(jetstream.MsgIDHeader, d.Key)
	if d.Request != "" {
		m.Header.Set(requestHeader, d.Request)
	}
	if d.ExpectLast != nil {
		m.Header.Set(jetstream.ExpectedLastSubjSeqHeader, strconv.FormatUint(*d.ExpectLast, 10))
	}
	if d.Latest {
		m.Header.Set(jetstream.MsgRollup, jetstream.MsgRollupSubject)
	}
	if d.TTL > 0 {
		// Whole seconds: the server cuts a fraction off, and an event must not
		// leave early.
		seconds := (d.TTL-1)/time.Second + 1
		m.Header.Set(jetstream.MsgTTLHeader, strconv.FormatInt(int64(seconds), 10)+"s")
	}
	return m
}

// seqOf returns the number under which a message is stored, 0 if it is none.
func seqOf(m *nats.Msg) uint64 { return number(m, jetstream.SequenceHeader) }

func topicOf(prefix string, m *nats.Msg) string {
	return strings.TrimPrefix(m.Header.Get(jetstream.SubjectHeader), prefix+".")
}

func number(m *nats.Msg, header string) uint64 {
	n, err := strconv.ParseUint(m.Header.Get(header), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// A lineage is the part of an event's id that names the log, and which of its
// histories: epoch and generations.
type lineage struct {
	epoch string
	gens  eventlog.Generations
}

// lineage returns the log's current lineage.
func (l *Log) lineage() lineage { return lineage{*l.epoch.Load(), l.o.Generations()} }

// is reports whether nothing has begun anew since.
func (of lineage) is(other lineage) bool {
	return of.epoch == other.epoch && of.gens.Newest() == other.gens.Newest()
}

// id returns the id of the event that is stored as number seq under the key.
func (of lineage) id(seq uint64, key string) event.ID {
	return event.NewID(of.epoch, seq, key).In(of.gens.Of(seq))
}

// event returns the event of a stored or republished message. It reports false
// for an anchor, and for a message that another program has published into the
// stream.
func (l *Log) event(of lineage, m *nats.Msg) (event.Event, bool) {
	if l.isAnchor(m) {
		return event.Event{}, false
	}
	topic := topicOf(l.o.Subject, m)
	d := event.Draft{
		Topic: topic, Type: m.Header.Get(typeHeader), Key: m.Header.Get(jetstream.MsgIDHeader), Data: m.Data,
		Latest: m.Header.Get(jetstream.MsgRollup) != "",
	}
	// A TTL that is not a duration, as "never", means no lifetime.
	d.TTL, _ = time.ParseDuration(m.Header.Get(jetstream.MsgTTLHeader))
	at, err := time.Parse(time.RFC3339Nano, m.Header.Get(timeHeader))
	if err == nil && d.Key != "" {
		var e event.Event
		if e, err = event.New(of.id(seqOf(m), d.Key), d, at); err == nil {
			return e, true
		}
	}
	l.foreign.Do(func() {
		l.o.Logger.Warn("a message in the event log's stream is not an event: it is skipped, and so are others",
			"stream", l.o.Stream, "seq", seqOf(m), "topic", topic, "error", err)
	})
	return event.Event{}, false
}
