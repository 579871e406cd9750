package jetstream

import (
	"cmp"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
)

// unproven returns the time since the log last showed that it has a quorum. If
// nothing has spoken against it, a tail begins with the benefit of the doubt.
func (t *tail) unproven() time.Duration {
	since, cause := t.log.known.since()
	if cause == nil {
		since = min(since, time.Since(t.begun))
	}
	return since
}

// doubt returns why the log, which answers, cannot store anything. To be back
// from an outage takes a fresh sign that it can.
func (t *tail) doubt() error {
	limit := quorumTime
	if t.away {
		limit = heartbeatTime
	}
	if t.unproven() < limit {
		return nil
	}
	_, cause := t.log.known.since()
	return cmp.Or(cause, errNoQuorum)
}

// lookIn returns how long a quiet tail waits before it looks around: no longer
// than until the log would be without a quorum for too long.
func (t *tail) lookIn() time.Duration {
	if left := quorumTime - t.unproven(); left > 0 {
		return min(silence, left)
	}
	return silence
}

// overdue reports whether the log has been without a quorum, or could not be
// read, for too long.
func (t *tail) overdue() bool {
	return t.unproven() >= quorumTime || time.Since(t.read) >= quorumTime
}

// outage tells fn, once, that the log is out of reach.
func (t *tail) outage(err error) {
	if !t.away {
		t.away = true
		t.log.o.Logger.Warn("the event log is out of reach", "stream", t.log.o.Stream, "error", t.log.reason(err))
		t.fn(nil, eventlog.ErrUnavailable)
	}
}
