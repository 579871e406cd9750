package transports

import (
	"maps"

	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// An account is what one lane has cost.
type account struct {
	count    contract.Count
	answered int // requests that are being answered
	lines    map[*line]struct{}
	full     int // so many lines are looked through for such as have ended
}

// fewLines are more than a browser has open at a time.
const fewLines = 32

// add takes a line on. A client may open one for each request and never ask what
// that has cost, so lines that have ended are forgotten here as well; not at each
// request, or thousands that are open would take their square.
func (a *account) add(l *line) {
	if len(a.lines) >= max(a.full, fewLines) {
		a.forgetEnded()
		a.full = 2 * len(a.lines)
	}
	a.lines[l] = struct{}{}
}

func (a *account) forgetEnded() {
	maps.DeleteFunc(a.lines, func(l *line, _ struct{}) bool { return !l.alive() })
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
	a.forgetEnded()
	streams := 0
	for line := range a.lines {
		if line.taken {
			streams++
		}
	}
	return max(a.answered, streams)
}
