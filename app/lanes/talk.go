package lanes

import (
	"context"
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/compare"
)

const (
	// rounds is how many questions there are of each kind. They take turns, so
	// that neither has the quieter moment.
	rounds = 10
	// talkTime bounds them all.
	talkTime = 20 * time.Second
)

// Talk asks the server questions, in turn on the socket and by POST, and times
// the answers.
func (r *Run) Talk() {
	r.experiment(func() *Stage { return &r.talk.Stage }, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, talkTime)
		defer cancel()
		t := r.converse(ctx)
		r.mu.Lock()
		defer r.mu.Unlock()
		if t.Failure != "" { // what an earlier one has shown is still true
			failure := t.Failure
			t = r.talk
			t.Failure = failure
		}
		t.Stage = Tried
		r.talk = t
	})
}

func (r *Run) converse(ctx context.Context) Talk {
	socket, live := r.socket()
	if !live {
		return Talk{Failure: "the WebSocket is not there just now"}
	}
	heard := r.lanes[compare.WebSocket].messages()
	var onSocket, byPost []time.Duration
	for n := range rounds {
		for _, way := range []struct {
			took *[]time.Duration
			opts []command.CallOption
		}{{&onSocket, []command.CallOption{command.Via(socket)}}, {&byPost, nil}} {
			begin := time.Now()
			if _, err := command.Call(ctx, compare.Reply, compare.Echo{N: n}, way.opts...); err != nil {
				return Talk{Failure: words(err)}
			}
			*way.took = append(*way.took, time.Since(begin))
		}
	}
	return Talk{
		Rounds: rounds, Socket: Median(onSocket), Post: Median(byPost),
		Heard: r.lanes[compare.WebSocket].messages() - heard,
	}
}
