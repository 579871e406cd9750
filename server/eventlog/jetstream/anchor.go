package jetstream

import (
	"context"
	"encoding/json"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Retention removes the oldest message first, so everything that it has removed
// lies below the stream's first number. A newer event of a topic that keeps only
// its latest, or the end of a lifetime, moves that number as well once it removes
// the oldest message, and then every position before it would look lost. So
// before the first event that can expire or be replaced, and from then on at
// intervals, the log stores an anchor: a message that is not an event and that
// only retention removes. A log without such events has no anchors.

// anchorTopic takes the place of a topic in the subject of anchors. It is not a
// valid topic.
const anchorTopic = "$anchor"

// anchorEvery is the time between anchors. With a MaxAge of less than 100 hours
// it is a hundredth of that, or they would all have left before the next one.
// Positions older than the oldest anchor are gone as if retention had removed
// something after them, which it has in a busy log.
func (l *Log) anchorEvery() time.Duration { return min(time.Hour, l.o.Retention.MaxAge/100) }

// anchorTime bounds how long an event waits for an anchor. The replicas of a
// stream that has just been created take a moment to answer.
const anchorTime = 2 * tryTime

// anchor stores an anchor if one is due. After a failure it retries in a second:
// the append does not fail for it.
func (l *Log) anchor(ctx context.Context) {
	if time.Now().UnixNano() < l.anchorDue.Load() {
		return
	}
	l.anchoring.Lock() // a concurrent append waits, so that its event comes after the anchor
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
// recent enough, and returns when the next one is due.
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
