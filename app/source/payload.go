package source

import "github.com/seawaykit/seaway/shared/event"

// OnPayload is [On] for a caller that decodes payloads itself: fn is called with
// each event of type name, in one of the forms that [event.Type.Forms] lists. Its
// error goes to OnError. Its use is that it is not generic: a page that binds its
// types elsewhere, as package live does, holds no code of On for each of them.
func (s *Source) OnPayload(name string, forms []string, fn func(form string, m event.Meta, data []byte) error) {
	s.configure(func() {
		s.uses = append(s.uses, name)
		for _, form := range forms {
			s.handlers[form] = append(s.handlers[form], func(m event.Meta, data []byte) error { return fn(form, m, data) })
		}
	})
}
