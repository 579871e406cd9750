package tabs

import (
	"net/url"
	"time"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/wire"
)

// Options say how tabs share.
type Options struct {
	// User is who is signed in, if the stream depends on it: tabs of different
	// users do not share.
	User string
	// Within is how long one try may take until the stream has begun. Required.
	Within time.Duration
	// Random returns the next random number in [0, 1), on any goroutine. Required.
	Random func() float64
	// Enter joins the group of that name; heard is called with what its other
	// members post. Default the browser's own.
	Enter func(name string, received func(text string)) (Group, error)
}

// Share returns a transport whose connections belong to all tabs of a group: those
// that ask for the same address with the same types and user, whatever their topics.
func Share(t transport.Transport, o Options) transport.Transport {
	if o.Enter == nil {
		o.Enter = enterGroup
	}
	return &shared{Options: o, inner: t}
}

// Multiplexed reports whether the browser says that this page came by HTTP/2 or 3,
// where connections are not short. It says nothing of a page that a service worker
// answered for, even if that went to the network.
func Multiplexed() bool { return multiplexed() }

type shared struct {
	Options
	inner transport.Transport
}

// Name is that of the connection that is shared.
func (s *shared) Name() string { return transport.Name(s.inner) }

// Target is that of the connection that is shared.
func (s *shared) Target(stream string) string { return transport.Target(s.inner, stream) }

// Open implements [transport.Transport].
func (s *shared) Open(r transport.Request, emit func(...transport.Signal)) (release func(), err error) {
	u, err := s.address(r)
	if err != nil {
		return s.inner.Open(r, emit) // which knows what to say
	}
	m := newMember(s, r, newScope(u.Query()[wire.TopicParam], r.Names), emit)
	m.group, err = s.Enter(groupName(*u, s.User), func(text string) {
		m.mail.Put(func() { m.receive(text) })
	})
	if err != nil {
		return s.inner.Open(r, emit)
	}
	go m.run()
	return m.release, nil
}

// address returns where a request leads, unless it leads nowhere.
func (s *shared) address(r transport.Request) (*url.URL, error) {
	if native, ok := s.inner.(transport.EventSource); ok && !native.Supported() {
		return nil, transport.ErrUnsupported
	}
	address, err := absolute(r.URL)
	if err != nil {
		return nil, err
	}
	return url.Parse(address)
}

// groupName returns what tabs must have in common to share. The schema is one
// of the address's parameters. The number is that of the messages' form.
func groupName(u url.URL, user string) string {
	q := u.Query()
	q.Del(wire.AfterParam)
	q.Del(wire.TopicParam)
	u.RawQuery = q.Encode()
	return "seaway 3 " + u.String() + " " + user
}
