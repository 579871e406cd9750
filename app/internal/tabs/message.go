package tabs

import (
	"encoding/json"
	"errors"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// A message is what members of a group post to each other. Its fields have short
// names because each batch of frames travels in one.
type message struct {
	Kind messageKind `json:"k"`
	Term term        `json:"t"`           // of the leader; in ask, the newest known
	From uint64      `json:"f,omitempty"` // who asks
	To   uint64      `json:"o,omitempty"` // who is answered; 0 is everyone

	// Of ask, what the member wants; beside Hello, what the leader's stream brings; of
	// ends, what its connection was to bring.
	Scope scope `json:"s,omitzero"`
	// Version counts the scopes of a term.
	Version int `json:"v,omitempty"`

	// A claim is made that the frames are all there is in the scope after At.
	At     event.ID          `json:"a,omitzero"`
	Frames []transport.Frame `json:"m,omitempty"`
	Hello  *wire.Hello       `json:"h,omitempty"` // the leader's, where a follower may begin
	Name   string            `json:"n,omitempty"` // beside that, of the leader's transport

	Failure *failure `json:"e,omitempty"` // how the connection ended, if not by the last frame
}

// A failure is a ConnectionFailed that travels: of its error the server's own
// word, if it holds one, or else the text.
type failure struct {
	ReadyState transport.ReadyState `json:"r"`
	Fault      *fault.Error         `json:"f,omitempty"`
	Text       string               `json:"t,omitempty"`
}

func newFailure(s transport.Signal) *failure {
	f := &failure{ReadyState: s.ReadyState}
	if !errors.As(s.Err, &f.Fault) && s.Err != nil {
		f.Text = s.Err.Error()
	}
	return f
}

func (f *failure) signal() transport.Signal {
	s := transport.Signal{Kind: transport.ConnectionFailed, ReadyState: f.ReadyState}
	switch {
	case f.Fault != nil:
		s.Err = f.Fault
	case f.Text != "":
		s.Err = errors.New(f.Text)
	}
	return s
}

// A messageKind is the verb of a message.
type messageKind uint8

const (
	asks   messageKind = iota + 1 // a follower stands At: who leads, and what comes next?
	leads                         // a leader is there, and has no stream yet
	brings                        // a part of the leader's stream
	ends                          // the leader's connection has ended: come back as if it had been yours
	leaves                        // the leader leaves or is none any more; there will be another
	parts                         // a follower leaves
)

// A term is one leadership, or a part of one between two resets. The newest one
// counts: the lock has passed on from the others, even if those who held it have
// been asleep and do not know yet.
type term struct {
	// N orders terms. It is the wall clock's milliseconds, so that a leader who
	// knows of no other still comes after them, or one more than the newest
	// known.
	N  int64  `json:"n,omitempty"`
	ID uint32 `json:"i,omitempty"`
}

func (t term) before(u term) bool { return t.N < u.N || t.N == u.N && t.ID < u.ID }

func (msg message) text() string {
	text, err := json.Marshal(msg)
	if err != nil {
		panic("tabs: " + err.Error()) // every field can be marshalled
	}
	return string(text)
}
