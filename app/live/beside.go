package live

import (
	"slices"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// The newest events that a stream begins with, and those that follow a reset, are
// [Options].Last of all topics together. A page reads its states by themselves, so
// their events are of no use there, and those of one busy state would leave no room
// for the other topics. The page therefore follows these anew, by themselves: see
// [source.Source.Follow].

// beside returns the topics of the page that are no states, if it has states as well.
func (p *Page) beside() []string {
	if states := p.valueTopics(); len(states) > 0 {
		return without(p.topics(), states)
	}
	return nil
}

// begin follows the topics beside states anew, on the present subscription.
func (p *Page) begin() {
	p.missing = p.beside()
	if len(p.missing) == 0 {
		return
	}
	sub := p.subscription
	err := sub.unfollow(p.missing)
	if err == nil {
		err = sub.src.Follow(p.missing...)
	}
	if err != nil { // the source has ended
		app.Log(err)
	}
}

// unfollow ends what a subscription brings of topics. What has been collected of them
// so far is not applied any more.
func (s *subscription) unfollow(topics []string) error {
	if err := s.src.Unfollow(topics...); err != nil {
		return err
	}
	for _, topic := range topics {
		s.ignored[topic] = s.batches.Load() + 1
	}
	return nil
}

// found takes note of the topics that a batch has covered.
func (p *Page) found(topics []string, batch int64) {
	p.missing = slices.DeleteFunc(p.missing, func(topic string) bool {
		return slices.Contains(topics, topic) && batch > p.subscription.ignored[topic]
	})
}
