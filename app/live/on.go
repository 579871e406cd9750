package live

import (
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/event"
)

// A binding is an event type and the function for its events. Little of it is
// generic, since a program contains one instance for each type.
type binding struct {
	name   string
	forms  []string // the names of the type and its older versions
	decode func(form string, m event.Meta, data []byte) (apply func(), err error)
}

// On registers fn for events of type t, from the first HTML and from the stream,
// including older versions that [event.Upcast] converts. Call it before Init and
// Mount. It panics if t was not made by [event.Define].
func On[T any](p *Page, t event.Type[T], fn func(event.Of[T])) {
	p.bind(t.Name(), t.Forms(), func(form string, m event.Meta, data []byte) (func(), error) {
		e, err := t.DecodeForm(form, m, data)
		return func() { fn(e) }, err
	})
}

func (p *Page) bind(name string, forms []string, decode func(string, event.Meta, []byte) (func(), error)) {
	if name == "" {
		panic("live: On: " + event.ErrUndefined.Error())
	}
	p.bindings = append(p.bindings, binding{name, forms, decode})
}

// OnReset registers fn for resets: what earlier events have said no longer holds,
// and the newest events follow, as at the start.
func (p *Page) OnReset(fn func()) { p.resets = append(p.resets, fn) }

// OnState registers fn for each new state of the stream.
func (p *Page) OnState(fn func(source.State)) { p.states = append(p.states, fn) }

// uses returns the names of the types given to On.
func (p *Page) uses() []string {
	names := make([]string, len(p.bindings))
	for i, b := range p.bindings {
		names[i] = b.name
	}
	return names
}
