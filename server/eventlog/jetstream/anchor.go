package jetstream

import (
	"context"
	"encoding/json"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Retention removes the oldest message first, so the stream's first number says
// what it has removed at most: everything below. A newer event of a topic that
// keeps only its latest, or the end of a lifetime, moves that number as well once
// it removes the oldest message, and then every position before it would look
// lost. So a message that is no event, and that only retention removes, is stored
// before the first event that can leave by itself, and after that once in a
// while: an anchor. A log without such events has none.

// anchorTopic takes the place of a topic in the subject of anchors. No topic can
// be called that.
const anchorTopic = "$anchor"

// anchorEvery is how far anchors lie apart. With a MaxAge of less than 100 hours
// it is a hundredth of that, or they would all have left before the next one.
// Positions older than the oldest anchor are lost as if retention had removed
// something after them, and it has in a log that is busy.
func (l *Log) anchorEvery() time.Duration { return min(time.Hour, l.o.Retention.MaxAge/100) }

// anchorTime bounds how long an event waits for an anchor. The replicas of a
// stream that has just been created take a moment to answer.
const anchorTime = 2 * tryTime

// anchor stores an anchor if one is due. What it cannot do now it tries again in
// a second: an event does not fail for it.
func (l *Log) anchor(ctx context.Context) {
	if time.Now().UnixNano() < l.anchorDue.Load() {
		return
	}
	l.anchoring.Lock() // who comes second waits, so that its event comes after the anchor
	defer l.anchoring.Unlock()
	if time.Now().UnixNano() < l.anchorDue.Load() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, anchorTime)
	defer cancel()
	due, err := l.tryAnchor(ctx)
	for err != nil && wait(ctx, againPause) {
		due, err = l.tryAnchor(ctx)
	}
	if err != nil {
		due = time.Now().Add(tryTime)
		l.o.Logger.Debug("the event log got no anchor", "stream", l.o.Stream, "error", err)
	}
	l.anchorDue.Store(due.UnixNano())
}

// tryAnchor stores an anchor unless the last one, perhaps of another node, is
// young enough, and returns when the next one is due.
func (l *Log) tryAnchor(ctx context.Context) (due time.Time, err error) {
	last, err := l.lastAnchor(ctx)
	if err != nil {
		return due, err
	}
	if due = last.Add(l.anchorEvery()); due.After(time.Now()) {
		return due, nil
	}
	_, err = l.publish(ctx, nats.NewMsg(l.o.Subject+"."+anchorTopic))
	return time.Now().Add(l.anchorEvery()), err
}

// lastAnchor returns when the last anchor was stored, zero if there is none.
func (l *Log) lastAnchor(ctx context.Context) (at time.Time, err error) {
	request, err := json.Marshal(directGet{Last: []string{l.o.Subject + "." + anchorTopic}})
	if err != nil {
		return at, err
	}
	f, err := l.tryGet(ctx, request, tryTime)
	if err != nil || len(f.messages) == 0 {
		return at, err
	}
	return time.Parse(time.RFC3339Nano, f.messages[0].Header.Get(timeHeader))
}

// isAnchor reports whether a stored or republished message is an anchor.
func (l *Log) isAnchor(m *nats.Msg) bool {
	return m.Header.Get(jetstream.SubjectHeader) == l.o.Subject+"."+anchorTopic
}
