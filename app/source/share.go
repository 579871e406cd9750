package source

import (
	"github.com/seawaykit/seaway/app/internal/tabs"
	"github.com/seawaykit/seaway/app/transport"
)

// Sharing says whether the tabs of one browser share a connection. They do if
// they follow topics of the same URL, were built from the same event types and have
// the same Options.User and Last.
//
// One tab leads: it holds a Web Lock and the connection, which brings the topics of
// all, and passes on what it receives by a BroadcastChannel, once another tab is there.
// Each tab keeps its own position and is sent its own topics. A tab that follows others
// than the leader has a connection of its own for a moment. When the leader closes, crashes or hangs, another takes over; nothing
// is lost or repeated.
type Sharing uint8

// The ways to share. Where a browser has no Web Locks, as outside of a secure
// context, tabs have connections of their own.
const (
	// ShareAuto shares where it may be needed: unless the page came by HTTP/2 or
	// 3. Over HTTP/1.1 a browser opens six connections to a host, and the seventh
	// tab would wait for ever. Of a page that a service worker has answered for
	// the browser does not say how it came, and such tabs share. ShareAuto leaves
	// a Transport alone that is not [transport.EventSource].
	ShareAuto Sharing = iota
	ShareAlways
	ShareNever
)

// connection returns the transport that the source opens: both of a choice, if
// there is one, and for all tabs, if they share.
func (o Options) connection(c *choice) transport.Transport {
	t := o.Transport
	_, counts := t.(transport.EventSource) // among the six connections
	if c != nil {
		t = c
	}
	if o.Share == ShareNever || o.Share == ShareAuto && (!counts || tabs.Multiplexed()) {
		return t
	}
	return tabs.Share(t, tabs.Options{User: o.User, Within: o.HelloWithin, Random: o.Rand})
}
