package source

import (
	"net/url"
	"slices"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// Sharing says whether the tabs of one browser share a connection. They do if
// they follow the same topics of the same URL, were built from the same event
// types and have the same Options.User. Frames do not name their topic, so a tab
// could not pick its own from those of a tab that follows more.
//
// One tab leads: it holds a Web Lock and the connection, and passes on what it
// hears by a BroadcastChannel. Each tab keeps its own position. When the leader
// closes, crashes or hangs, another takes over; nothing is lost or repeated.
type Sharing uint8

// The ways to share. Where a browser has no Web Locks, as outside of a secure
// context, tabs have connections of their own.
const (
	// ShareAuto shares where it may be needed: unless the page came by HTTP/2 or
	// 3. Over HTTP/1.1 a browser opens six connections to a host, and the seventh
	// tab would wait for ever. Of a page that a service worker has answered for
	// the browser does not say how it came, and such tabs share. ShareAuto leaves
	// a Transport alone that is not [EventSource].
	ShareAuto Sharing = iota
	ShareAlways
	ShareNever
)

// connection returns the transport that the source opens.
func (o Options) connection(c *choice) Transport {
	if c == nil {
		return o.share(o.Transport)
	}
	return o.share(c)
}

// share returns the transport to use in place of one that every tab has to
// itself.
func (o Options) share(t Transport) Transport {
	_, counts := o.Transport.(EventSource) // among the six connections
	if o.Share == ShareNever || o.Share == ShareAuto && (!counts || multiplexed()) {
		return t
	}
	return &shared{
		inner: t, catchUp: t, user: o.User, within: o.HelloWithin, random: o.Rand,
		enter: enterGroup,
	}
}

// shared is a Transport whose connection belongs to all tabs of a group.
type shared struct {
	inner   Transport     // what a leader connects with
	catchUp Transport     // what a follower closes a gap with: short connections
	user    string        // Options.User
	within  time.Duration // Options.HelloWithin
	random  func() float64
	enter   func(name string, heard func(text string)) (group, error)
}

// Name is that of the connection that is shared.
func (s *shared) Name() string { return nameOf(s.inner) }

func (s *shared) target(stream string) string { return targetOf(s.inner, stream) }

// Open implements [Transport].
func (s *shared) Open(r Request, emit func(...Signal)) (release func(), err error) {
	u, err := s.address(r)
	if err != nil {
		return s.inner.Open(r, emit) // which knows what to say
	}
	m := newMember(s, r, emit)
	m.told.begin(r.position())
	m.group, err = s.enter(groupName(*u, s.user), func(text string) {
		m.mail.put(func() { m.hear(text) })
	})
	if err != nil {
		return s.inner.Open(r, emit)
	}
	go m.run()
	return m.release, nil
}

// address returns where a request leads, unless it leads nowhere.
func (s *shared) address(r Request) (*url.URL, error) {
	if _, native := s.inner.(EventSource); native && !hasEventSource() {
		return nil, ErrUnsupported
	}
	address, err := absolute(r.URL)
	if err != nil {
		return nil, err
	}
	return url.Parse(address)
}

// groupName returns what tabs must have in common to share. The schema is one
// of the address's parameters. The number is that of what members say.
func groupName(u url.URL, user string) string {
	q := u.Query()
	q.Del(wire.AfterParam)
	slices.Sort(q[wire.TopicParam])
	u.RawQuery = q.Encode()
	return "seaway 1 " + u.String() + " " + user
}

// position returns the position that a request resumes after, if any.
func (r Request) position() event.ID {
	u, err := url.Parse(r.URL)
	if err != nil {
		return event.ID{}
	}
	id, _ := event.ParseID(u.Query().Get(wire.AfterParam))
	return id
}

// from returns a request that resumes after a position.
func (r Request) from(pos event.ID) Request {
	u, err := url.Parse(r.URL)
	if err != nil || pos.IsZero() {
		return r
	}
	q := u.Query()
	q.Set(wire.AfterParam, pos.String())
	u.RawQuery = q.Encode()
	r.URL = u.String()
	return r
}
