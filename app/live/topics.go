package live

import (
	"slices"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/event"
)

// Follow adds topics to those that the page follows, from now on and after each Mount.
// Their newest retained events, [Options].Last at most, come first, in one redraw. The
// other topics are not affected: see [source.Source.Follow]. The error is an
// [*event.NameError]. What the server refuses goes to the source's OnError, for which
// [Options].OnSource is there.
func (p *Page) Follow(topics ...string) error {
	for _, topic := range topics {
		if err := event.CheckTopic(topic); err != nil {
			return err
		}
	}
	for _, topic := range topics {
		if !slices.Contains(p.followed, topic) {
			p.followed = append(slices.Clip(p.followed), topic)
		}
	}
	p.unfollowed = without(p.unfollowed, topics)
	switch {
	case p.idle:
		p.follow()
	case p.subscription != nil:
		return p.subscription.src.Follow(topics...)
	}
	return nil
}

// Unfollow removes topics from those that the page follows. No function given to [On] is
// called with an event of theirs after it. The error is [source.ErrNoTopics] if none
// would be left.
func (p *Page) Unfollow(topics ...string) error {
	if len(without(p.topics(), topics)) == 0 {
		return source.ErrNoTopics
	}
	if sub := p.subscription; sub != nil {
		if err := sub.unfollow(topics); err != nil {
			return err
		}
	}
	p.followed = without(p.followed, topics)
	p.unfollowed = append(without(p.unfollowed, topics), topics...)
	return nil
}

// topics are all that the page follows.
func (p *Page) topics() []string {
	topics := p.own()
	return append(topics, without(p.followed, topics)...)
}

// own are the states' topics and the page's that its first HTML, or its user, begins with, but for those
// given to Unfollow.
func (p *Page) own() []string {
	topics := slices.Clip(p.opts.Topics)
	if p.user.ID != "" && p.opts.Own != nil {
		topics = append(topics, p.opts.Own(p.user.ID)...)
	}
	topics = without(topics, p.unfollowed)
	return append(topics, without(p.valueTopics(), topics)...)
}

// resumed are the topics that a source of the page resumes after its position. The
// others begin with what is retained.
func (p *Page) resumed() []string {
	topics := without(p.own(), p.missing)
	if len(topics) == 0 { // their states were closed
		topics = p.own()
	}
	for _, topic := range p.covered {
		if slices.Contains(p.followed, topic) && !slices.Contains(topics, topic) {
			topics = append(topics, topic)
		}
	}
	if len(topics) == 0 { // those given to Follow are all
		return p.topics()
	}
	return topics
}

// without returns a copy of all without some.
func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}
