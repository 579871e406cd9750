package transports

import (
	"maps"

	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// A usage is what one transport of a page has cost so far.
type usage struct {
	count    contract.Usage
	answered int // requests that are being answered
	conns    map[*clientConn]struct{}
	pruneAt  int // at so many connections, ended ones are dropped
}

// minPrune is more connections than a browser has open at a time.
const minPrune = 32

// add adds a connection. A client may open one for each request and never call
// CountLanes, so ended connections are dropped here as well; not at each request,
// or thousands of open ones would take quadratic time.
func (u *usage) add(c *clientConn) {
	if len(u.conns) >= max(u.pruneAt, minPrune) {
		u.pruneEnded()
		u.pruneAt = 2 * len(u.conns)
	}
	u.conns[c] = struct{}{}
}

func (u *usage) pruneEnded() {
	maps.DeleteFunc(u.conns, func(c *clientConn, _ struct{}) bool { return !c.alive() })
}

func (u *usage) credit(t traffic) {
	u.count.In += t.in
	u.count.Out += t.out
	u.count.BytesKnown = u.count.In > 0 // no request comes without a byte
}

// held returns how many requests of the transport are being answered, and drops
// connections that have ended. A stream of the fast path is answered for as long
// as its connection is open.
func (u *usage) held() int {
	u.pruneEnded()
	streams := 0
	for conn := range u.conns {
		if conn.hijacked {
			streams++
		}
	}
	return max(u.answered, streams)
}
