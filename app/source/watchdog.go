package source

import (
	"time"

	"github.com/seawaykit/seaway/shared/wire"
)

// minPatience keeps a beat that is absurdly short from becoming a storm of
// connections.
const minPatience = time.Second

// patience returns how long a stream may be silent: two and a half beats, since
// one may be late. A server that promises no beats may be silent for ever.
func patience(hello *wire.Hello) time.Duration {
	beat := hint(hello.Beat)
	if beat == 0 {
		return 0
	}
	return max(beat*5/2, minPatience)
}

// stroke begins the silence anew: a frame has come, of whatever kind.
func (l *loop) stroke() {
	if l.state.Phase == Live && l.patience > 0 {
		l.quiet = l.in(l.patience)
	}
}
