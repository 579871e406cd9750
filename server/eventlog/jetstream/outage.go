package jetstream

import (
	"cmp"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
)

// sinceQuorum returns the time since the log last showed a quorum. Unless an
// answer has shown a missing quorum, it counts from the tail's beginning at
// most.
func (t *tail) sinceQuorum() time.Duration {
	since, cause := t.log.quorum.since()
	if cause == nil {
		since = min(since, time.Since(t.begun))
	}
	return since
}

// checkQuorum returns why the log, although it answers, cannot store anything.
// An outage ends only with a fresh sign of a quorum.
func (t *tail) checkQuorum() error {
	limit := quorumTime
	if t.inOutage {
		limit = heartbeatTime
	}
	if t.sinceQuorum() < limit {
		return nil
	}
	_, cause := t.log.quorum.since()
	return cmp.Or(cause, errNoQuorum)
}

// quietTimeout returns how long a quiet tail waits before it checks the store:
// at most until the log would be without a quorum for too long.
func (t *tail) quietTimeout() time.Duration {
	if left := quorumTime - t.sinceQuorum(); left > 0 {
		return min(quietTime, left)
	}
	return quietTime
}

// overdue reports whether the log has been without a quorum, or could not be
// read, for too long.
func (t *tail) overdue() bool {
	return t.sinceQuorum() >= quorumTime || time.Since(t.read) >= quorumTime
}

// endOutage ends an outage, if there is one. The last of a log's tails logs that.
func (t *tail) endOutage() {
	if t.leaveOutage() {
		t.log.o.Logger.Info("the event log can be reached again", "stream", t.log.o.Stream)
	}
}

// leaveOutage reports whether the tail was in an outage and no other is.
func (t *tail) leaveOutage() (last bool) {
	last = t.inOutage && t.log.outages.Add(-1) == 0
	t.inOutage = false
	return last
}

// beginOutage reports to fn, once, that the log is out of reach. The first of a log's
// tails logs it.
func (t *tail) beginOutage(err error) {
	if t.inOutage {
		return
	}
	t.inOutage = true
	if t.log.outages.Add(1) == 1 {
		t.log.o.Logger.Warn("the event log is out of reach", "stream", t.log.o.Stream, "error", t.log.reason(err))
	}
	t.fn(nil, eventlog.ErrUnavailable)
}
