package site

import (
	"context"
	"sync"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// peopleWindow is how many events about people are read at the start: every name
// that the roster holds, and all that nodes say in the time that a roll is good.
const peopleWindow = maxNames + 1000

// people returns the follower of all that the log says about guests.
func (s *Site) people() *follower {
	epoch := ""
	known := sync.OnceFunc(func() { close(s.known) })
	return &follower{
		hub: s.hub, log: s.opts.Log, last: peopleWindow,
		topics: []string{namesTopic, nodesTopic, guest.Here},
		begin: func(of string) {
			if of != epoch { // what another log said is not true of this one
				epoch = of
				s.names.clear()
				s.rolls.clear()
			}
		},
		take: func(events []event.Event) {
			for _, e := range events {
				s.takePerson(e)
			}
			poke(s.crowd.changed)
		},
		current: known,
	}
}

func (s *Site) takePerson(e event.Event) {
	switch e.Topic() {
	case namesTopic:
		s.names.take(e)
	case nodesTopic:
		s.rolls.takeRoll(e)
	case guest.Here:
		s.rolls.takePresence(e)
	}
}

// watchPeople follows the guests and tells who is here, until ctx ends.
func (s *Site) watchPeople(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { s.people().run(ctx) })
	both.Go(func() {
		p := &presence{node: s.opts.Node, log: s.log, logger: s.opts.Logger, names: &s.names, rolls: &s.rolls, crowd: s.crowd}
		p.run(ctx, s.known)
	})
	both.Wait()
}
