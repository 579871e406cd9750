package transports

import (
	"context"
	"time"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

const (
	// rounds is how many requests are made of each kind. They take turns, so that both
	// have the same load beside them.
	rounds = 10
	// roundInterval is the time between two rounds: long enough for the stream's
	// messages to come in between.
	roundInterval = 100 * time.Millisecond
	// roundTripTimeout bounds all rounds.
	roundTripTimeout = 20 * time.Second
)

// MeasureRoundTrip sends requests to the server, in turn on the socket and by
// POST, and times the replies.
func (r *Run) MeasureRoundTrip() {
	r.experiment(func() *Stage { return &r.roundTrip.Stage }, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, roundTripTimeout)
		defer cancel()
		t, err := r.measureRoundTrip(ctx)
		r.mu.Lock()
		defer r.mu.Unlock()
		if err != nil { // keep the result of an earlier one
			t = r.roundTrip
			t.Failure = shown(err)
		}
		t.Stage = Finished
		r.roundTrip = t
	})
}

// ErrSocketNotOpen is the failure if there is no socket to send requests on.
var ErrSocketNotOpen = fault.New(fault.Unavailable, "the WebSocket did not open")

// measureRoundTrip opens a socket that follows the topic as the measured one does,
// and sends the requests on it.
func (r *Run) measureRoundTrip(ctx context.Context) (RoundTrip, error) {
	m := &measurement{kind: contract.RoundTrip}
	m.open(r.token, r.serverTime)
	defer m.close()
	turn := time.NewTicker(roundInterval)
	defer turn.Stop()
	for begin := time.Now(); !m.live(); {
		if !pause(ctx, turn.C) || time.Since(begin) > openTimeout {
			return RoundTrip{}, ErrSocketNotOpen
		}
	}
	socket := command.Via(m.transport.(*transport.WebSocket))
	received := m.messages()
	var onSocket, byPost []time.Duration
	for n := range rounds {
		for _, way := range []struct {
			took *[]time.Duration
			opts []command.CallOption
		}{{&onSocket, []command.CallOption{socket}}, {&byPost, nil}} {
			begin := time.Now()
			if _, err := command.Call(ctx, contract.Reply, contract.Echo{N: n}, way.opts...); err != nil {
				return RoundTrip{}, err
			}
			*way.took = append(*way.took, time.Since(begin))
		}
		pause(ctx, turn.C) // if ctx has ended, the next call returns its error
	}
	return RoundTrip{Rounds: rounds, Socket: Median(onSocket), Post: Median(byPost), Received: m.messages() - received}, nil
}
