package sse

import (
	"errors"

	"github.com/seawaykit/seaway/server/fanout"
)

// errComplete ends a follower whose answer is complete.
var errComplete = errors.New("the answer is complete")

// An answer is the output to a piece of memory of limited size.
type answer struct {
	body   []byte
	limit  int
	events int
}

// Write appends the frames.
func (a *answer) Write(frames ...[]byte) error {
	for _, f := range frames {
		a.body = append(a.body, f...)
	}
	return nil
}

// Cut does nothing: nobody waits for memory.
func (*answer) Cut() {}

// room returns how many of the frames the answer has room for. The first event
// always fits, or a large one would never get through.
func (a *answer) room(frames []fanout.Frame) (n int) {
	size := len(a.body)
	for ; n < len(frames); n++ {
		size += len(Frame(frames[n].Bytes))
		if size > a.limit && a.events+n > 0 {
			break
		}
	}
	a.events += n
	return n
}
