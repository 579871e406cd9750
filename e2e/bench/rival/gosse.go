package main

import (
	"net/http"

	"github.com/tmaxmax/go-sse"
)

// replayed is how many events a server keeps for readers that come back, the
// size of Seaway's ring.
const replayed = 16_384

// newGoSSE uses go-sse with its own provider and a replayer. The ids are ours:
// with automatic ones, v0.12.0 replays the whole buffer to a reader that is up
// to date.
func newGoSSE() (http.Handler, publishFunc, error) {
	replayer, err := sse.NewFiniteReplayer(replayed, false)
	if err != nil {
		return nil, nil, err
	}
	server := &sse.Server{
		Provider: &sse.Joe{Replayer: replayer},
		OnSession: func(w http.ResponseWriter, r *http.Request) ([]string, bool) {
			// It would withhold the head until the first event.
			w.Header().Set("Content-Type", "text/event-stream")
			err := http.NewResponseController(w).Flush()
			return []string{roomOf(r)}, err == nil
		},
	}
	publish := func(room, id string, data []byte) error {
		m := &sse.Message{ID: sse.ID(id), Type: sse.Type("chat.posted")}
		m.AppendData(string(data))
		return server.Publish(m, room)
	}
	return server, publish, nil
}
