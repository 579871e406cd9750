package transport

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// ErrUnsupported says that the platform has no such connection. It is also an
// [errors.ErrUnsupported].
var ErrUnsupported = fmt.Errorf("transport: there is no such connection here: %w", errors.ErrUnsupported)

// A Transport opens connections to a server. One that has a method Name() string
// is called by that name; see [Name]. One that asks elsewhere than a stream's URL
// has a method Target(stream string) string; see [Target].
type Transport interface {
	// Open begins a connection and returns without waiting for it. What
	// becomes of it is reported to emit, in order; the signals of one call of emit
	// reach the page as one batch. emit does not block, may be called on any
	// goroutine and also after release, when it does nothing.
	//
	// release ends the connection and frees all that belongs to it. The caller
	// calls it exactly once, after which the transport should fall silent. A
	// connection never reconnects by itself.
	Open(r Request, emit func(...Signal)) (release func(), err error)
}

// Name returns what a transport calls itself, or "".
func Name(t Transport) string {
	if named, ok := t.(interface{ Name() string }); ok {
		return named.Name()
	}
	return ""
}

// Target returns the address that a transport really asks for a stream's URL,
// which a [Probe] can ask as well.
func Target(t Transport, stream string) string {
	if elsewhere, ok := t.(interface{ Target(stream string) string }); ok {
		return elsewhere.Target(stream)
	}
	return stream
}

// A Request is what to connect to.
type Request struct {
	URL   string   // with the position in it; may be relative to the page
	Names []string // the frames to listen for
}

// After returns the position that a request resumes after, if any.
func (r Request) After() event.ID {
	u, err := url.Parse(r.URL)
	if err != nil {
		return event.ID{}
	}
	id, _ := event.ParseID(u.Query().Get(wire.AfterParam))
	return id
}

// From returns the request that resumes after a position. The zero position
// changes nothing.
func (r Request) From(pos event.ID) Request {
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

// readdress returns where a stream's query leads on another path of its server.
func readdress(path, stream string) (*url.URL, error) {
	from, err := url.Parse(stream)
	if err != nil {
		return nil, err
	}
	to, err := url.Parse(path)
	if err != nil {
		return nil, err
	}
	to = from.ResolveReference(to)
	to.RawQuery = from.RawQuery
	return to, nil
}
