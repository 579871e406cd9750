package transports

import (
	"context"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

const (
	// rounds is how many questions there are of each kind. They take turns, so
	// that neither has the quieter moment.
	rounds = 10
	// roundTime is the time between two: slow enough for the stream's messages to
	// come in between.
	roundTime = 100 * time.Millisecond
	// talkTime bounds them all.
	talkTime = 20 * time.Second
)

// Talk asks the server questions, in turn on the socket and by POST, and times
// the answers.
func (r *Run) Talk() {
	r.experiment(func() *Stage { return &r.talk.Stage }, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, talkTime)
		defer cancel()
		t, err := r.converse(ctx)
		r.mu.Lock()
		defer r.mu.Unlock()
		if err != nil { // what an earlier one has shown is still true
			t = r.talk
			t.Failure = words(err)
		}
		t.Stage = Tried
		r.talk = t
	})
}

// errShut says that there is no socket to talk on.
var errShut = fault.New(fault.Unavailable, "the WebSocket did not open")

// converse opens a socket that follows the topic like that of the lanes, and
// talks on it.
func (r *Run) converse(ctx context.Context) (Talk, error) {
	l := &lane{kind: contract.Talk}
	l.open(r.token, r.serverTime)
	defer l.close()
	turn := time.NewTicker(roundTime)
	defer turn.Stop()
	for begin := time.Now(); !l.live(); {
		if !pause(ctx, turn.C) || time.Since(begin) > openTime {
			return Talk{}, errShut
		}
	}
	socket := command.Via(l.transport.(*source.WebSocket))
	heard := l.messages()
	var onSocket, byPost []time.Duration
	for n := range rounds {
		for _, way := range []struct {
			took *[]time.Duration
			opts []command.CallOption
		}{{&onSocket, []command.CallOption{socket}}, {&byPost, nil}} {
			begin := time.Now()
			if _, err := command.Call(ctx, contract.Reply, contract.Echo{N: n}, way.opts...); err != nil {
				return Talk{}, err
			}
			*way.took = append(*way.took, time.Since(begin))
		}
		pause(ctx, turn.C) // if ctx has ended, the next call says so
	}
	return Talk{Rounds: rounds, Socket: Median(onSocket), Post: Median(byPost), Heard: l.messages() - heard}, nil
}
