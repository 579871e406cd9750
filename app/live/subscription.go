package live

import (
	"sync/atomic"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// A subscription passes a source's events to a page, on go-app's goroutine. The
// changes of a burst are collected on the source's goroutine and dispatched once.
type subscription struct {
	src     *source.Source
	user    string // the id of the user that it was opened for
	refused bool

	changes []change // that have been collected since the last batch
	batches atomic.Int64
	ignored map[string]int64 // by topic: up to which batch its events are not applied
}

// A change is what an event, or a reset, does to a page.
type change struct {
	topic string // empty: of all
	apply func()
}

// follow opens the stream, and closes the one before it. A page that follows nothing has
// none.
func (p *Page) follow() {
	p.Close()
	if p.idle = p.opts.Identify == nil && len(p.topics()) == 0; p.idle {
		return
	}
	opts := source.Options{Topics: p.resumed(), User: p.user.ID, After: p.position, Last: p.opts.Last}
	if p.opts.Source != nil {
		p.opts.Source(&opts)
	}
	sub := &subscription{user: p.user.ID, src: source.New(opts), ignored: map[string]int64{}}
	p.subscription = sub
	for _, b := range p.bindings {
		sub.src.OnPayload(b.name, b.forms, func(form string, m event.Meta, data []byte) error {
			apply, err := b.decode(form, m, data)
			if err == nil {
				sub.collect(m.Topic, apply)
			}
			return err
		})
	}
	sub.src.OnReset(func(wire.ResetInfo) { sub.collect("", p.reset) })
	sub.src.OnBatch(func() { p.flush(sub) })
	sub.src.OnState(func(s source.State) {
		p.view.dispatch(func() {
			if p.subscription == sub {
				p.stateChanged(s)
			}
		})
	})
	if p.opts.OnSource != nil {
		p.opts.OnSource(sub.src)
	}
	if err := sub.src.Follow(p.topics()...); err != nil { // those that it has are passed over
		app.Log(err)
	}
	if err := sub.src.Start(); err != nil {
		p.state = sub.src.State()
		app.Log(err)
	}
}

// collect and flush run on the source's goroutine.
func (s *subscription) collect(topic string, apply func()) {
	s.changes = append(s.changes, change{topic, apply})
}

// flush dispatches the collected changes, with the position after them. A
// subscription that has been replaced changes nothing any more: the new one began
// at the page's position.
func (p *Page) flush(sub *subscription) {
	changes, position, topics := sub.changes, sub.src.State().Position, sub.src.Topics()
	sub.changes = nil
	batch := sub.batches.Add(1)
	if len(changes) == 0 {
		return
	}
	p.view.dispatch(func() {
		if p.subscription != sub {
			return
		}
		for _, c := range changes {
			if batch > sub.ignored[c.topic] {
				c.apply()
			}
		}
		p.report()
		p.position, p.covered = position, topics
		p.found(topics, batch)
	})
}

func (p *Page) reset() {
	for _, fn := range p.resets {
		fn()
	}
	for _, v := range p.values {
		v.reset()
	}
	p.refresh()
	p.begin()
}

func (p *Page) stateChanged(s source.State) {
	p.state = s
	p.identifyAgain(s)
	p.refresh()
	for _, fn := range p.states {
		fn(s)
	}
}
