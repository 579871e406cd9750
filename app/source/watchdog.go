package source

import (
	"time"

	"github.com/seawaykit/seaway/shared/wire"
)

// minTimeout keeps a heartbeat interval that is absurdly short from becoming a storm of
// connections.
const minTimeout = time.Second

// heartbeatTimeout returns how long a stream may be silent: two and a half
// heartbeat intervals, since one may be late. A server that promises no heartbeats
// may be silent for ever.
func heartbeatTimeout(hello *wire.Hello) time.Duration {
	interval := hint(hello.Heartbeat)
	if interval == 0 {
		return 0
	}
	return max(interval*5/2, minTimeout)
}
