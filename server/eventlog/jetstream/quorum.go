package jetstream

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// quorumTime is how long a log counts as within reach after the last sign of
	// a quorum. Most elections, which take 4 to 9 s from the leader's last
	// heartbeat, are over by then, and a loss is known well within 8 s.
	quorumTime = 6500 * time.Millisecond
	// heartbeatTime is how long a healthy follower may be silent: leaders send
	// heartbeats every 1 to 2 s, and followers elect another leader after 4 s at
	// the earliest.
	heartbeatTime = 2500 * time.Millisecond
)

// A quorum stores when the stream last showed that it can store events.
// Requests that store nothing need no quorum: a leader that has lost its
// followers answers them for 10 to 20 s, and then each remaining replica does.
// But a leader's answer also contains when it last heard from each follower.
type quorum struct {
	mu     sync.Mutex
	asked  time.Time // when the newest answer was asked for
	seen   time.Time // the last sign in an answer
	stored time.Time // when something was last stored, which is a sign as well
	cause  error     // what is wrong, if the last sign is old
}

// note stores the stream's answer to a request that was sent at that time.
func (q *quorum) note(asked time.Time, info *jetstream.StreamInfo) {
	heard, err := heardFrom(info)
	q.mu.Lock()
	defer q.mu.Unlock()
	if asked.Before(q.asked) {
		return // a newer answer is known
	}
	q.asked = asked
	q.cause = quorumError(info)
	switch {
	case err != nil: // the last sign stays what it was
	case q.cause == nil:
		q.seen = asked
	default:
		q.seen = asked.Add(-heard)
	}
}

// quorumError returns nil if an answer is of a leader that has just heard from
// a quorum, or else the reason why not.
func quorumError(info *jetstream.StreamInfo) error {
	heard, err := heardFrom(info)
	if err == nil && heard > heartbeatTime {
		err = fmt.Errorf("the stream's leader %q has not heard from a quorum for %v", info.Cluster.Leader, heard.Round(100*time.Millisecond))
	}
	return err
}

// noteStored notes that an event was stored.
func (q *quorum) noteStored() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stored, q.cause = time.Now(), nil
}

// since returns the time since the last sign of a quorum, and what is wrong, if
// an answer has shown it.
func (q *quorum) since() (time.Duration, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	last := q.seen
	if q.stored.After(last) {
		last = q.stored // a leader can be late to note a follower that confirms
	}
	return time.Since(last), q.cause
}

var (
	errNoLeader = errors.New("the stream has no leader")
	errNoQuorum = errors.New("the stream has not shown that it has a quorum")
)

// heardFrom returns how long ago the stream's leader last heard from as many
// followers as it needs to store something.
func heardFrom(info *jetstream.StreamInfo) (time.Duration, error) {
	c := info.Cluster
	switch {
	case c == nil:
		return 0, nil // a server without a cluster
	case c.Leader == "" || slices.ContainsFunc(c.Replicas, func(p *jetstream.PeerInfo) bool { return p.Name == c.Leader }):
		return 0, errNoLeader // a follower answers when there is none
	}
	members := max(len(c.Replicas)+1, info.Config.Replicas)
	need := members / 2 // besides the leader
	var silent []time.Duration
	for _, p := range c.Replicas {
		if p.Active > 0 { // otherwise it has not been heard from at all
			silent = append(silent, p.Active)
		}
	}
	if len(silent) < need {
		return 0, fmt.Errorf("the stream's leader %q has heard from %d of %d servers", c.Leader, len(silent)+1, members)
	}
	slices.SortFunc(silent, cmp.Compare)
	return append([]time.Duration{0}, silent...)[need], nil
}
