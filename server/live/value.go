package live

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/http"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

var (
	errNoState = &fault.Error{Code: fault.NotFound, Message: "there is no state of that topic", Field: "topic"}
	errTopics  = &fault.Error{Code: fault.Invalid, Message: "one topic must be named", Field: "topic"}
)

// badKey is the answer to a key of which no topic can be made.
func badKey(err error) error {
	return &fault.Error{Code: fault.Invalid, Message: err.Error(), Field: "topic"}
}

// A valued is what has the values of topics: a kind, or a provider.
type valued interface {
	owns(topic string) bool
	allows(right access.Right) error
	value(ctx context.Context, topic string, p part) (answer, error)
}

// valueOf returns what a topic belongs to, nil if it has no value.
func (s *Server) valueOf(topic string) valued {
	for _, k := range s.kinds {
		if k.owns(topic) {
			return k
		}
	}
	for _, p := range s.providers {
		if p.Owns(topic) {
			return provided{p, s}
		}
	}
	return nil
}

// serveState answers GET /state.
func (s *Server) serveState(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "private, no-cache")
	a, err := s.readState(r)
	if err != nil {
		e, meant := fault.From(err)
		if !meant && r.Context().Err() == nil {
			s.opts.Logger.Error("a state was not served", "error", err)
		}
		s.refused(r, e)
		fault.Respond(w, e)
		return
	}
	tag := a.etag()
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	// A client that has gone needs no value.
	_, _ = fmt.Fprintf(w, `{"position":%q,"type":%q,"value":%s%s}`+"\n", a.at, a.fingerprint, a.value, a.more)
}

func (s *Server) readState(r *http.Request) (answer, error) {
	query := r.URL.Query()
	if len(query["topic"]) != 1 {
		return answer{}, errTopics
	}
	p, err := partOf(r)
	if err != nil {
		return answer{}, err
	}
	count, err := s.limiters.state(r)
	if err != nil {
		return answer{}, err
	}
	a, err := s.stateOf(r, query.Get("topic"), p)
	count(a.value)
	return a, err
}

// stateOf returns the state of a topic, or a part of it, if its sender may see it.
func (s *Server) stateOf(r *http.Request, topic string, p part) (answer, error) {
	k := s.valueOf(topic)
	if k == nil {
		return answer{}, errNoState
	}
	if err := event.CheckTopic(topic); err != nil {
		return answer{}, badKey(err)
	}
	if _, err := s.may(r, access.Read, []string{topic}); err != nil {
		return answer{}, err
	}
	return k.value(r.Context(), topic, p)
}

// State returns the window of the state of a topic as JSON, with the fingerprint of
// its type, and a position: all events of the topic up to it are in the value, and
// what has been acknowledged before the call is among them. It is what a page is
// drawn with: the kind's rule is asked for the user of the request whose context ctx is,
// or else for a stranger.
func (s *Server) State(ctx context.Context, topic string) (value []byte, fingerprint string, position event.ID, err error) {
	r, err := sender(ctx)
	if err != nil {
		return nil, "", event.ID{}, err
	}
	a, err := s.stateOf(r, topic, part{window: true})
	return a.value, a.fingerprint, a.at, err
}

// etag names a value and its type: the empty states of two releases look alike, and a page
// of the newer one refuses the older's type. It is weak, since the answer may be compressed, and says
// nothing of the position: a client that has the value may go on from its own.
func (a answer) etag() string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(a.fingerprint)) // a hash takes everything
	_, _ = h.Write(a.value)
	return fmt.Sprintf(`W/"%016x"`, h.Sum64())
}
