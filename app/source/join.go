package source

import (
	"slices"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// A join is how topics that were given to one call of Follow get onto the source's
// connection, whose URL cannot be changed. The page learns nothing of it but its end:
// before that the topics are not followed, and after it the source's position covers
// them as it covers the others.
//
//	in         when                                                becomes
//	pending    the source is live, and no other join is made       fetching, or replacing if
//	                                                               nothing retained is wanted
//	fetching   a connection of these topics alone has brought all  replacing
//	           that is retained, up to the newest event
//	replacing  a connection of all topics, which resumes where     the end: it is the source's
//	           the page stands or before, has got to where the
//	           page stands
//	fetching,  the connection fails, or brings too little in time  pending, until due
//	replacing  the server refuses it                               the end: a FollowError
//	           the source is not live any more                     pending
//
// Nothing is given to the page before the end, so a join can be given up and begun
// again. At the end the retained events up to the position come first, and then what
// the new connection has brought: after that there is one position for all topics, which
// each later frame is compared with.
type join struct {
	topics  []string // none: the connection is renewed
	renews  bool
	phase   joinPhase
	due     moment // pending: when it may begin; otherwise when its time is over
	attempt int

	// Of the connection that is being made. Its inbox becomes the source's.
	url       string
	inbox     *inbox
	closeConn func()
	inquiry   *inquiry
	carrier   string
	hello     *wire.Hello // nil until it has come
	at        event.ID    // how far it has come

	from     uint64            // the number before what is retained
	retained []transport.Frame // of these topics
	upTo     event.ID          // the position up to which they are all there
	ahead    []transport.Frame // of the connection that is to be the source's, what the page has not got
	size     int               // of both, in bytes
}

// A joinPhase is what a join is doing.
type joinPhase uint8

const (
	pending joinPhase = iota
	fetching
	replacing
)

// begin opens a connection for a join. after is zero to fetch.
func (l *loop) begin(j *join, as joinPhase, t transport.Transport, topics []string, after event.ID) {
	j.hangOff()
	url, err := l.opts.address(topics, after, as == fetching)
	if err == nil {
		j.phase, j.url, j.inbox, j.hello, j.at = as, url, newInbox(), nil, after
		j.closeConn, err = t.Open(transport.Request{URL: url, Names: l.names()}, j.inbox.renew())
	}
	if err != nil {
		l.postpone(j, 0)
		return
	}
	j.carrier, j.due = transport.Name(t), l.in(l.opts.HelloWithin)
	l.note(Trace{Kind: Dialed, Transport: j.carrier, URL: url})
}

// fetch asks for what is retained of the topics. It asks the transport itself: for
// other tabs this is of no use.
func (l *loop) fetch(j *join) {
	if l.opts.Last <= 0 || j.renews {
		j.upTo = l.after
		l.replace(j)
		return
	}
	var direct transport.Transport = l.opts.Transport
	if l.choice != nil {
		direct = l.choice
	}
	l.begin(j, fetching, direct, j.topics, event.ID{})
}

// replace opens the connection that is to be the source's.
func (l *loop) replace(j *join) {
	after := l.after
	if j.upTo.Seq() < after.Seq() {
		after = j.upTo
	}
	if j.upTo.Epoch() != l.after.Epoch() { // the source is about to be reset
		l.postpone(j, 0)
		return
	}
	l.begin(j, replacing, l.transport, append(l.Topics(), j.topics...), after)
}

// hangOff gives up the connection of a join.
func (j *join) hangOff() {
	if j.closeConn != nil {
		j.closeConn()
		j.closeConn = nil
	}
	if j.inquiry != nil {
		j.inquiry.cancel()
		j.inquiry = nil
	}
}

// park makes a join a pending one that has got nothing yet.
func (j *join) park() {
	j.hangOff()
	*j = join{topics: j.topics, renews: j.renews, attempt: j.attempt, inbox: j.inbox}
}

// A loop's joins are in the order in which they are made, one at a time.

// joining returns the join that is being made, or nil.
func (l *loop) joining() *join {
	for _, j := range l.joins {
		if j.phase != pending {
			return j
		}
	}
	return nil
}

// parkJoins gives up what is being made, since the source is not where it was.
func (l *loop) parkJoins() {
	if j := l.joining(); j != nil {
		j.park()
	}
}

// takeChanges makes joins of the calls of Follow, and takes topics that were given to
// Unfollow out of them.
func (l *loop) takeChanges() {
	l.mu.Lock()
	changes := l.changes
	l.changes = nil
	l.mu.Unlock()
	for _, c := range changes {
		if c.follows {
			l.joins = append(l.joins, &join{topics: c.topics, renews: len(c.topics) == 0})
			continue
		}
		for _, j := range l.joins {
			if rest := without(j.topics, c.topics); len(rest) < len(j.topics) {
				j.park()
				j.topics = rest
			}
		}
		l.joins = slices.DeleteFunc(l.joins, func(j *join) bool { return len(j.topics) == 0 && !j.renews })
	}
}

// advanceJoins does what there is to do for joins.
func (l *loop) advanceJoins() {
	l.takeChanges()
	if l.mode != live || l.stopped() {
		return
	}
	now := l.now()
	if j := l.joining(); j != nil {
		j.receive(l)
	}
	switch j := l.joining(); {
	case j != nil && j.isReady(l.after):
		l.finish(j)
	case j != nil && j.due.past(now):
		l.postpone(j, 0)
	}
	for _, j := range l.joins {
		if l.joining() == nil && !l.after.IsZero() && (!j.due.isSet() || j.due.past(now)) {
			l.fetch(j)
			return
		}
	}
}

// isReady reports whether the new connection has got to where the page stands.
func (j *join) isReady(after event.ID) bool {
	return j.phase == replacing && j.hello != nil && j.at.Seq() >= after.Seq()
}

// joinReady brings a value when a join's connection has brought something, and
// joinAnswer what came of its probe.

func (l *loop) joinReady() <-chan struct{} {
	if j := l.joining(); j != nil {
		return j.inbox.Ready()
	}
	return nil
}

func (l *loop) joinAnswer() <-chan finding {
	if j := l.joining(); j != nil {
		return j.inquiry.answer()
	}
	return nil
}

// nextJoin returns when there may be something to do for joins.
func (l *loop) nextJoin() (next moment) {
	if j := l.joining(); j != nil {
		return j.due
	}
	for _, j := range l.joins {
		if l.mode == live && j.due.isSet() && (!next.isSet() || j.due.after(next) < 0) {
			next = j.due
		}
	}
	return next
}
