package source

import (
	"encoding/json"
	"errors"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// A word is what members of a group say to each other. Its fields have short
// names because each batch of frames travels in one.
type word struct {
	Kind wordKind `json:"k"`
	Term term     `json:"t"`           // of the leader; in ask, the newest known
	From uint64   `json:"f,omitempty"` // who asks
	To   uint64   `json:"o,omitempty"` // who is answered; 0 is everyone

	// A claim is made that the frames are all there is after At.
	At     event.ID    `json:"a,omitzero"`
	Frames []Frame     `json:"m,omitempty"`
	Hello  *wire.Hello `json:"h,omitempty"` // the leader's, where a follower may begin
	Name   string      `json:"n,omitempty"` // beside that, of the leader's transport

	Failure *failure `json:"e,omitempty"` // how the connection ended, if not by the last frame
}

// A failure is a ConnectionFailed that travels: of its error the server's own
// word, if it holds one, or else the text.
type failure struct {
	ReadyState ReadyState   `json:"r"`
	Fault      *fault.Error `json:"f,omitempty"`
	Text       string       `json:"t,omitempty"`
}

func newFailure(s Signal) *failure {
	f := &failure{ReadyState: s.ReadyState}
	if !errors.As(s.Err, &f.Fault) && s.Err != nil {
		f.Text = s.Err.Error()
	}
	return f
}

func (f *failure) signal() Signal {
	s := Signal{Kind: ConnectionFailed, ReadyState: f.ReadyState}
	switch {
	case f.Fault != nil:
		s.Err = f.Fault
	case f.Text != "":
		s.Err = errors.New(f.Text)
	}
	return s
}

// A wordKind is the verb of a word.
type wordKind uint8

const (
	ask  wordKind = iota + 1 // a follower stands At, who leads, and what comes next?
	lead                     // a leader is there, and has no stream yet
	tell                     // the leader's stream
	over                     // the leader's connection has ended: come back as if it had been yours
	gone                     // the leader leaves or is none any more; there will be another
)

// A term is one leadership, or a part of one between two resets. The newest one
// counts: the lock has passed on from the others, even if those who held it have
// been asleep and do not know yet.
type term struct {
	// N orders terms. It is the wall clock's milliseconds, so that a leader who
	// has heard of no other still comes after them, or one more than the newest
	// known.
	N  int64  `json:"n,omitempty"`
	ID uint32 `json:"i,omitempty"`
}

func (t term) before(u term) bool { return t.N < u.N || t.N == u.N && t.ID < u.ID }

func (w word) text() string {
	text, err := json.Marshal(w)
	if err != nil {
		panic("source: " + err.Error()) // every field can be marshalled
	}
	return string(text)
}

// final reports whether a frame is the last of its stream.
func final(f Frame) bool { return f.Name == wire.ByeName || f.Name == wire.FaultName }
