package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// getTime is the timeout of the first try. A direct get goes to any
	// replica, perhaps to one that hangs, so a try must be short. The timeout
	// doubles with each try, up to tryTime: a slow replica must not get ever
	// more requests.
	getTime = 250 * time.Millisecond
	// getBatch and getBytes bound one response.
	getBatch = 1000
	getBytes = 8 << 20
)

// A directGet is a request for stored messages: the next ones from a number on,
// or the last one of each of several subjects.
type directGet struct {
	Seq      uint64   `json:"seq,omitempty"`
	Next     string   `json:"next_by_subj,omitempty"`
	Last     []string `json:"multi_last,omitempty"`
	Batch    int      `json:"batch,omitempty"`
	MaxBytes int      `json:"max_bytes,omitempty"`
}

// A found is a replica's response: messages without a gap between them.
type found struct {
	messages []*nats.Msg
	more     bool   // there are, or may be, more
	upTo     uint64 // the replica's last number, for a get of last ones
}

// errSilent means that no replica answered in time.
var errSilent = errors.New("no replica answered")

// get retries until there is a response or ctx ends.
func (l *Log) get(ctx context.Context, g directGet) (found, error) {
	if g.MaxBytes == 0 {
		g.MaxBytes = getBytes
	}
	request, err := json.Marshal(g)
	if err != nil {
		return found{}, err
	}
	for timeout := getTime; ; timeout = min(2*timeout, tryTime) {
		f, err := l.tryGet(ctx, request, timeout)
		if err == nil {
			return f, nil
		}
		if ctx.Err() != nil || !wait(ctx, againPause) {
			return found{}, fmt.Errorf("%w (last answer: %v)", l.interrupted(ctx), err)
		}
	}
}

// tryGet sends one request. If the response breaks off, the messages so far
// count.
func (l *Log) tryGet(ctx context.Context, request []byte, timeout time.Duration) (found, error) {
	inbox, replies := l.nc.NewInbox(), make(chan *nats.Msg, getBatch+2)
	sub, err := l.nc.ChanSubscribe(inbox, replies)
	if err != nil {
		return found{}, err
	}
	defer sub.Unsubscribe()
	if err := l.nc.PublishRequest("$JS.API.DIRECT.GET."+l.o.Stream, inbox, request); err != nil {
		return found{}, err
	}
	f := found{more: true}
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for {
		select {
		case m := <-replies:
			if end, err := f.take(m); end || err != nil {
				return l.settled(ctx, f, err)
			}
			timer.Reset(timeout)
		case <-timer.C:
			return l.settled(ctx, f, errSilent)
		case <-ctx.Done():
			return found{}, ctx.Err()
		}
	}
}

// take adds one reply and reports whether it was the last one.
func (f *found) take(m *nats.Msg) (end bool, err error) {
	switch status := m.Header.Get("Status"); status {
	case "":
		// Each message names the one before it: a reply may have been lost.
		if number(m, jetstream.LastSequenceHeader) != f.last() {
			return true, errSilent
		}
		f.messages = append(f.messages, m)
		return false, nil
	case "204": // the end of a batch
		if number(m, jetstream.LastSequenceHeader) != f.last() {
			return true, errSilent
		}
		f.more = number(m, "Nats-Num-Pending") > 0
		f.upTo = number(m, "Nats-UpTo-Sequence")
		return true, nil
	case "404": // nothing there
		f.more = false
		return true, nil
	default:
		return true, fmt.Errorf("direct get: %s %s", status, m.Header.Get("Description"))
	}
}

// last returns the number of the last message taken, 0 if none.
func (f *found) last() uint64 {
	if len(f.messages) == 0 {
		return 0
	}
	return seqOf(f.messages[len(f.messages)-1])
}

// settled returns what was found once it is durable, or the error if nothing was.
func (l *Log) settled(ctx context.Context, f found, err error) (found, error) {
	if len(f.messages) == 0 {
		return f, err
	}
	return f, l.settle(ctx, f.last())
}
