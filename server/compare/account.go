package compare

import "github.com/seawaykit/seaway/shared/compare"

// An account is what one lane has cost.
type account struct {
	count    compare.Count
	answered int // requests that are being answered
	lines    map[*line]struct{}
}

func (a *account) credit(t traffic) {
	a.count.In += t.in
	a.count.Out += t.out
	a.count.Counted = a.count.In > 0 // no request comes without a byte
}

// held returns how many requests of the lane are being answered, and forgets
// connections that have ended. A stream of the fast path is answered for as long
// as its connection is open.
func (a *account) held() int {
	n := a.answered
	streams := 0
	for line := range a.lines {
		if !line.alive() {
			delete(a.lines, line)
		} else if line.taken {
			streams++
		}
	}
	return max(n, streams)
}
