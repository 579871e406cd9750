package live

import (
	"errors"
	"slices"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// A Value is a page's copy of the state of one topic, or of its window, which
// [Value.Older] widens. Make one with [State].
type Value[S any] struct {
	copied
	kind    state.Kind[S]
	now     S
	changes state.Changes[S] // nil if the kind has no mutations
}

// State returns the page's copy of the state of a key. It is called in OnInit, before
// Init, with which it has its value at the first Render, on the server and in the
// browser; or later, for a key that the user has gone to. From Mount on, the events of
// its topic are folded into it, and after a reset it is replaced at once. All states
// and topics of a page share one connection; the first state of a kind on a page that
// is mounted already opens it anew.
func State[S any](p *Page, k state.Kind[S], key string) *Value[S] {
	v := newValue(p, k)
	v.topic = k.Topic(key)
	v.enter(p.fold(k.Name(), k.Types()))
	return v
}

// Own returns the page's copy of a state that is the user's own: its key is the ID of
// [Page.User]. Call it in OnInit, before Init. While the page does not know its user, and in
// HTML that is the same for all of them, the state is the one that a topic begins with; when
// another user comes it begins anew. With [Options].User it is in the HTML. The server's rule for the
// kind must refuse other users.
func Own[S any](p *Page, k state.Kind[S]) *Value[S] {
	v := newValue(p, k)
	v.own = true
	p.fold(k.Name(), k.Types())
	if p.user.ID != "" {
		v.topic = k.Topic(p.user.ID)
	}
	return v
}

func newValue[S any](p *Page, k state.Kind[S]) *Value[S] {
	v := &Value[S]{kind: k, now: k.New()}
	v.copied = copied{page: p, of: v, stale: true}
	if v.changes = k.Changes(changeHost{&v.copied}); v.changes != nil {
		v.queue = v.changes
	}
	p.values = append(p.values, &v.copied)
	return v
}

// Now returns the state as far as the page knows it, with the changes that are pending
// (see [Do]), on go-app's goroutine: until [Value.Known] it is the one that a topic
// begins with. The caller must not change it, and must not keep it after an event.
func (v *Value[S]) Now() S {
	if v.changes == nil {
		return v.now
	}
	return v.changes.Guess(&v.now)
}

// Confirmed returns the state as the server has confirmed it, without the changes that are
// pending. It costs nothing, which [Value.Now] does after each event while there are some.
func (v *Value[S]) Confirmed() S { return v.now }

// Known reports whether the page has had a value from the server.
func (v *Value[S]) Known() bool { return !v.at.IsZero() }

// OnChange registers fn for changes of the value: one call for all events of a burst,
// before the redraw. replaced says that the value does not follow from the one before
// by events, or need not: it is the first, or was read after a reset, or erased. Call
// it before Init. An item that one burst brings into a [state.Window] and pushes out
// again is not in the value then: functions given to [On] after [State] see each event,
// with the value after it.
func (v *Value[S]) OnChange(fn func(replaced bool)) { v.onChange = append(v.onChange, fn) }

// Close ends following the key. The value stays as it is.
func (v *Value[S]) Close() { v.page.drop(&v.copied) }

// A value is what of a [Value] depends on its type. It is little, since a program
// has one instance for each kind.
type value interface {
	topicOf(key string) string
	clear()
	set(c carriedState) (fits bool, err error)
	fold(e event.Event) error
	list() (newest int, keys []string)
	join(older carriedState, since []event.Event) error
}

func (v *Value[S]) topicOf(key string) string { return v.kind.Topic(key) }
func (v *Value[S]) clear()                    { v.now = v.kind.New() }

// set replaces the value, if it is of this program's type.
func (v *Value[S]) set(c carriedState) (fits bool, err error) {
	if c.Type != v.kind.Fingerprint() {
		return false, nil
	}
	s, err := v.kind.Decode(v.kind.Description(), c.Value)
	if err == nil {
		v.now = s
	}
	return true, err
}

func (v *Value[S]) fold(e event.Event) error {
	_, err := v.kind.Apply(&v.now, e)
	if err == nil && v.kind.Newest() == 0 { // a page keeps what it has of a list
		v.now = v.kind.Window(v.now)
	}
	return err
}

// fold binds the event types of a kind, and reports whether they were not.
func (p *Page) fold(kind string, types []string) bool {
	if p.kinds == nil {
		p.kinds = map[string]bool{}
		types = append(types, state.Erased.Name())
	}
	if p.kinds[kind] {
		return false
	}
	p.kinds[kind] = true
	for _, name := range types {
		p.bind(name, event.Forms(name), func(form string, m event.Meta, data []byte) (func(), error) {
			e, err := event.New(m.ID, event.Draft{Topic: m.Topic, Type: form, Data: data}, m.At)
			return func() { p.deliver(e) }, err
		})
	}
	return true
}

// deliver gives an event to the values of its topic.
func (p *Page) deliver(e event.Event) {
	for _, v := range p.values {
		if v.topic == e.Topic() {
			v.take(e)
		}
	}
}

// drop ends following a value's topic, unless another value has it as well.
func (p *Page) drop(v *copied) {
	p.values = slices.DeleteFunc(slices.Clone(p.values), func(other *copied) bool { return other == v })
	if p.subscription == nil || slices.Contains(p.topics(), v.topic) {
		return
	}
	if err := p.subscription.src.Unfollow(v.topic); errors.Is(err, source.ErrNoTopics) {
		p.Close()
	}
}

// valueTopics returns the topics of the states.
func (p *Page) valueTopics() (topics []string) {
	for _, v := range p.values {
		if v.topic != "" && !slices.Contains(topics, v.topic) {
			topics = append(topics, v.topic)
		}
	}
	return topics
}

// report reports the changes of all values.
func (p *Page) report() {
	for _, v := range p.values {
		v.report()
	}
}

func (p *Page) refresh() {
	for _, v := range p.values {
		v.refresh()
	}
}

// skew is that of the stream, or the worst if the server's states are of other types
// than this build's.
func (p *Page) skew() source.Skew {
	for _, v := range p.values {
		if v.misfit {
			return source.SkewIncompatible
		}
	}
	return p.state.Skew
}
