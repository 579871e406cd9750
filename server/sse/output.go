package sse

import (
	"errors"
	"time"

	"github.com/seawaykit/seaway/server/internal/carrier"
)

// An output takes the frames of a pump, and ends it by errEnough when it takes no
// more. Any other error means that the client is gone.
type output interface {
	events(frames [][]byte) (n int, err error) // n of them are taken; 0 if err is not errEnough
	control(frame []byte) error
	idle(heartbeat []byte) error // nothing was written for the interval
	interval() time.Duration     // until the next call of idle
	cut()
}

// A streamOutput is the output of a stream, over any transport. It never
// returns errEnough.
type streamOutput struct {
	out       carrier.Output
	heartbeat time.Duration
	catchUp   bool // the first heartbeat is due when there is nothing to write
}

func (e *streamOutput) events(frames [][]byte) (int, error) {
	if err := e.out.Write(frames...); err != nil {
		return 0, err
	}
	return len(frames), nil
}

func (e *streamOutput) control(frame []byte) error { return e.out.Write(frame) }
func (e *streamOutput) cut()                       { e.out.Cut() }

func (e *streamOutput) idle(heartbeat []byte) error {
	e.catchUp = false
	return e.out.Write(heartbeat)
}

func (e *streamOutput) interval() time.Duration {
	if e.catchUp {
		return 0
	}
	return e.heartbeat
}

// errCut ends a stream that was cut.
var errCut = errors.New("the stream was cut")

// past is a deadline that has passed.
var past = time.Unix(1, 0)
