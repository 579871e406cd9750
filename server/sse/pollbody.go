package sse

import (
	"errors"
	"time"
)

// errEnough ends a pump whose output takes no more.
var errEnough = errors.New("the output has enough")

// A pollBody is the output that collects the answer to a poll in memory, up to a limit.
// It is complete when it is full or when nothing is pending: after the first event it
// does not wait.
type pollBody struct {
	body  []byte
	limit int
	wait  time.Duration // for the first event
	count int           // of events
}

// events takes the frames that it has room for. The first event always fits, or a
// large one would never get through.
func (a *pollBody) events(frames [][]byte) (n int, err error) {
	a.wait = 0
	for n, f := range frames {
		if len(a.body)+len(f) > a.limit && a.count > 0 {
			return n, errEnough
		}
		a.body = append(a.body, f...)
		a.count++
	}
	return len(frames), nil
}

// control takes a frame of any size. Any but the hello ends the wait.
func (a *pollBody) control(frame []byte) error {
	if len(a.body) > 0 {
		a.wait = 0
	}
	a.body = append(a.body, frame...)
	return nil
}

// idle ends the answer with a heartbeat: there was no more.
func (a *pollBody) idle(heartbeat []byte) error {
	a.body = append(a.body, heartbeat...)
	return errEnough
}

func (a *pollBody) interval() time.Duration { return a.wait }

// cut does nothing: nothing blocks.
func (*pollBody) cut() {}
