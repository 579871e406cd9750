package state

import (
	"bytes"
	"context"
	"slices"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// maxFailed is how many failed changes a page keeps: the newest.
const maxFailed = 100

// A queue implements [Queue]. None of it depends on the state's type, since a page
// has one instance for each.
type queue struct {
	host     ChangeHost
	parse    func(mutation string, request []byte) (*attempt, error)
	all      []*attempt
	calling  bool   // one of them is being sent
	guessed  bool   // what the state becomes with them is known
	kept     bool   // the browser's storage has changes
	restored string // the topic whose changes have been read from there
}

// An attempt is a change with what it does.
type attempt struct {
	*Change
	mutation string
	send     func(context.Context, ...command.CallOption) (reply any, events []event.ID, err error)
	decide   any // a func(*Call, S) error
	guessed  []event.Draft
}

func (q *queue) enqueue(a *attempt) {
	q.all = append(q.all, a)
	q.changed()
	q.SendNext()
}

// changed stores the changes and has the page draw them.
func (q *queue) changed() {
	q.keep()
	q.guessed = false
	q.host.Changed()
}

// isGuessing reports whether there are changes that the server has not confirmed.
func (q *queue) isGuessing() bool { return slices.ContainsFunc(q.all, (*attempt).isPending) }

func (a *attempt) isPending() bool { return !a.failed && !a.arrived }

func (q *queue) Pending() []*Change { return q.that((*attempt).isPending) }

func (q *queue) Failed() []*Change { return q.that(func(a *attempt) bool { return a.failed }) }

func (q *queue) that(is func(*attempt) bool) (some []*Change) {
	for _, a := range q.all {
		if is(a) {
			some = append(some, a.Change)
		}
	}
	return some
}

func (q *queue) Retry(c *Change) {
	at := q.indexOf(c)
	if at < 0 || !c.failed {
		return
	}
	a := q.all[at]
	q.all = append(slices.Delete(q.all, at, at+1), a)
	c.failed, c.err, c.sent = false, nil, false
	q.changed()
	q.SendNext()
}

func (q *queue) Discard(c *Change) {
	if at := q.indexOf(c); at >= 0 && c.failed {
		q.remove(at)
		q.changed()
	}
}

func (q *queue) Abandon() { q.all, q.guessed = nil, false }

func (q *queue) indexOf(c *Change) int {
	return slices.IndexFunc(q.all, func(a *attempt) bool { return a.Change == c })
}

func (q *queue) remove(at int) { q.all = slices.Delete(q.all, at, at+1) }

// SendNext calls the first change that was not sent, unless another call is under way.
func (q *queue) SendNext() {
	at := slices.IndexFunc(q.all, func(a *attempt) bool { return !a.sent && !a.failed })
	if q.calling || at < 0 || !q.host.Ready() {
		return
	}
	a := q.all[at]
	a.sent, q.calling = true, true
	opts := append([]command.CallOption{command.WithIdempotencyKey(a.Key)}, q.host.CallOptions()...)
	q.host.RunAsync(func() func() {
		reply, ids, err := a.send(context.Background(), opts...)
		return func() { q.answered(a, reply, ids, err) }
	})
}

// answered takes the outcome of a call.
func (q *queue) answered(a *attempt, reply any, ids []event.ID, err error) {
	q.calling = false
	if fault.CodeOf(err) == fault.Unreachable {
		q.failUnsent(err)
	}
	if at := q.indexOf(a.Change); at >= 0 {
		a.err, a.stored, a.failed, a.arrived = err, ids, err != nil, false
		if !a.failed && (len(ids) == 0 || q.host.Includes(ids[len(ids)-1])) {
			q.remove(at)
		}
		q.trim()
		q.changed()
	}
	q.SendNext()
	if a.done != nil {
		a.done(reply, err)
	}
}

// failUnsent has the changes fail that wait for one whose call had no answer: they would
// have none either, or come before it.
func (q *queue) failUnsent(err error) {
	for _, a := range q.all {
		if a.sent || a.failed {
			continue
		}
		a.failed, a.err = true, err
		if a.done != nil {
			a.done(nil, err)
		}
	}
}

// trim keeps the newest failed changes.
func (q *queue) trim() {
	for extra := len(q.Failed()) - maxFailed; extra > 0; extra-- {
		q.remove(slices.IndexFunc(q.all, func(a *attempt) bool { return a.failed }))
	}
}

// Confirm: a change is not guessed any more if the event is the last that the answer has
// named, or, before the answer is there, if it is what the page had guessed. (It may be
// another's that is the same. Then the answer corrects that.)
func (q *queue) Confirm(e event.Event) {
	q.guessed = false
	for at, a := range q.all {
		switch {
		case len(a.stored) > 0 && a.stored[len(a.stored)-1] == e.ID():
			q.remove(at)
			q.keep()
			return
		case a.isLast(e):
			a.arrived = true
			return
		}
	}
}

// isLast reports whether an event is like the last that the change would publish.
func (a *attempt) isLast(e event.Event) bool {
	if !a.isPending() || len(a.stored) > 0 || len(a.guessed) == 0 {
		return false
	}
	last := a.guessed[len(a.guessed)-1]
	return last.Type == e.Type() && bytes.Equal(last.Data, e.Data())
}

// Settle forgets the changes that a state includes which was read.
func (q *queue) Settle() {
	q.all = slices.DeleteFunc(q.all, func(a *attempt) bool { return len(a.stored) > 0 && q.host.Includes(a.stored[len(a.stored)-1]) })
	q.guessed = false
	q.keep()
}
