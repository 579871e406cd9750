package source

import (
	"errors"
	"slices"
	"time"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// finish makes the connection the source's, and gives the page what it lacks.
func (l *loop) finish(j *join) {
	l.changed()
	l.flush() // a page that follows anew can distinguish the events of before
	l.mu.Lock()
	overtaken := len(l.changes) > 0 // these topics may not be wanted any more
	if !overtaken {
		l.topics = append(l.topics, j.topics...)
	}
	l.mu.Unlock()
	if overtaken {
		return // the next step deals with them, and then with this
	}
	l.joins = slices.DeleteFunc(l.joins, func(other *join) bool { return other == j })
	l.closeConn()
	l.closeConn, l.inbox, l.url, l.carrier = j.closeConn, j.inbox, j.url, j.carrier
	l.asked = l.Topics()
	for _, topic := range j.topics {
		l.floors[topic] = j.from
	}
	l.skew, _ = judge(*j.hello, l.uses)
	l.standing, l.timeout = hint(j.hello.Retry), heartbeatTimeout(j.hello)
	l.resetWatchdog()
	l.changed()
	i := 0
	for ; i < len(j.ahead) && j.ahead[i].Position().Seq() <= l.after.Seq(); i++ {
		j.retained = append(j.retained, j.ahead[i])
	}
	if !j.renews { // which brings nothing that the page does not have
		l.bring(j.retained)
	}
	l.enter(l.mode, l.state)
	for _, f := range j.ahead[i:] {
		if l.mode.connected() && !l.stopped() {
			l.read(f)
		}
	}
}

// bring calls the functions for events from before the position, which stays. Each of
// the retained ones beyond it comes by the connection. Of the forms of one event the
// first that the page knows counts.
func (l *loop) bring(frames []transport.Frame) {
	passed, last := l.passed, event.ID{}
	for _, f := range frames {
		m, _ := f.Meta()
		if m.ID.Seq() > l.after.Seq() || m.ID == last && l.passed != last || !l.follows(m.Topic) || l.stopped() {
			continue
		}
		l.deliver(f, m)
		last = m.ID
	}
	if l.passed.IsZero() {
		l.passed = passed
	}
}

// loseJoin deals with a connection that has ended. Why there is none a browser does not
// say: then a probe asks.
func (l *loop) loseJoin(j *join, s transport.Signal) {
	var refusal *fault.Error
	var answer *transport.AnswerError
	switch {
	case errors.As(s.Err, &answer):
		l.decideJoin(j, finding{Answer: answer.Answer})
	case errors.As(s.Err, &refusal):
		l.refuseJoin(j, Reason{Text: refusal.Message, Fault: refusal}, 0)
	case s.Err == nil && j.hello == nil && s.ReadyState == transport.ReadyClosed:
		j.hangOff()
		j.inquiry = l.probe(j.url)
	default:
		l.postpone(j, 0)
	}
}

// decideJoin does what an answer that is no stream calls for.
func (l *loop) decideJoin(j *join, f finding) {
	switch {
	case f.err != nil:
		l.postpone(j, 0)
	case f.Status == 204, f.IsRefusal():
		l.giveUp(j, f.reason())
	default:
		l.postpone(j, min(f.Wait(l.opts.Environment.Now()), maxHint))
	}
}

// refuseJoin deals with the server's own word that it refuses the topics.
func (l *loop) refuseJoin(j *join, why Reason, floor time.Duration) {
	if isFinal(why.Fault) {
		l.giveUp(j, why)
	} else {
		l.postpone(j, floor)
	}
}

// postpone gives up a join's connection, to begin again later. Other joins come first.
func (l *loop) postpone(j *join, floor time.Duration) {
	j.park()
	j.attempt++
	j.due = l.in(l.opts.Backoff.delay(j.attempt, floor, l.opts.Rand()))
	l.joins = append(slices.DeleteFunc(l.joins, func(other *join) bool { return other == j }), j)
}

// giveUp ends a join that the server refuses.
func (l *loop) giveUp(j *join, why Reason) {
	j.park()
	l.joins = slices.DeleteFunc(l.joins, func(other *join) bool { return other == j })
	l.mu.Lock()
	again := []string(nil) // topics that were given to Follow once more
	for _, c := range l.changes {
		again = append(again, c.topics...)
	}
	l.wanted = without(l.wanted, without(j.topics, again))
	l.mu.Unlock()
	l.fail(&FollowError{j.topics, why})
}
