package state

import "github.com/seawaykit/seaway/shared/event"

// changes implements [Changes].
type changes[S any] struct {
	queue
	kind  Kind[S]
	shown S // the state with the pending changes, if guessed
}

func newChanges[S any](k Kind[S], host ChangeHost) *changes[S] {
	c := &changes[S]{kind: k, queue: queue{host: host}}
	c.parse = func(mutation string, request []byte) (*attempt, error) {
		i, err := k.Intent(mutation, request)
		return newAttempt(&Change{Request: i.Request}, i), err
	}
	return c
}

func newAttempt[S any](c *Change, i Intent[S]) *attempt {
	return &attempt{Change: c, mutation: i.Mutation, send: i.Send, decide: i.Decide}
}

func (c *changes[S]) Propose(now *S, change *Change, i Intent[S], done func(reply any, err error)) {
	change.done = done
	c.enqueue(newAttempt(change, i))
	c.Guess(now) // before its event can come
}

// Guess decides the pending changes one after the other. One that would be refused
// changes nothing: the server has the last word.
func (c *changes[S]) Guess(now *S) S {
	switch {
	case !c.isGuessing():
		return *now
	case c.guessed:
		return c.shown
	}
	s, err := c.kind.Clone(now)
	seq := c.host.Position().Seq()
	for _, a := range c.all {
		if err == nil && a.isPending() {
			err = c.apply(&s, a, &seq)
		}
	}
	if err != nil {
		c.host.Report(err)
		return *now
	}
	c.shown, c.guessed = s, true
	return s
}

// apply folds what a change would publish. An error says that the state cannot be used
// any more.
func (c *changes[S]) apply(s *S, a *attempt, seq *uint64) error {
	call := NewCall(c.host.Topic(), c.host.Identity(), a.Key, a.At)
	a.guessed = nil
	if a.decide.(func(*Call, S) error)(call, *s) != nil {
		return nil
	}
	drafts, err := call.Drafts()
	if err != nil {
		return nil // nor can the server publish it
	}
	a.guessed = drafts
	epoch := c.host.Position().Epoch()
	if epoch == "" {
		epoch = "guess"
	}
	for _, d := range drafts {
		*seq++
		e, err := event.New(event.NewID(epoch, *seq, a.Key), d, a.At)
		if err == nil {
			_, err = c.kind.Apply(s, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
