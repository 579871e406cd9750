package live

import (
	"context"
	"net/http"
	"strconv"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// Of older items a client gets so many at a time.
const (
	defaultOlder = 50
	maxOlder     = 500
)

var (
	errNumber = &fault.Error{Code: fault.Invalid, Message: "n is a number from 1 to " + strconv.Itoa(maxOlder), Field: "n"}
	errBefore = &fault.Error{Code: fault.Invalid, Message: "states of this kind are no lists, and have no older items", Field: "before"}
	errFrom   = &fault.Error{Code: fault.Invalid, Message: "states of this kind are no lists, and have no wider windows", Field: "from"}
)

// A part says which part of a state a request is about: the zero part is all of it.
type part struct {
	window bool
	from   string // the item that the window reaches back to; empty for the window as it is
	before string // the item before which there are n others; empty unless they are asked for
	n      int
}

func partOf(r *http.Request) (part, error) {
	query := r.URL.Query()
	p := part{window: query.Has("window"), from: query.Get("from"), before: query.Get("before"), n: defaultOlder}
	if n := query.Get("n"); n != "" {
		var err error
		if p.n, err = strconv.Atoi(n); err != nil || p.n < 1 || p.n > maxOlder {
			return p, errNumber
		}
	}
	return p, nil
}

// An answer is one to GET /state.
type answer struct {
	value       []byte // JSON
	fingerprint string
	at          event.ID
	more        string // a field that says whether there are more items; empty if none were asked for
}

// value returns a part of the state of a topic.
func (k *States[S]) value(ctx context.Context, topic string, p part) (answer, error) {
	a := answer{fingerprint: k.kind.Fingerprint()}
	kept, err := k.open(ctx)
	if err != nil {
		return a, err
	}
	key, _ := k.kind.Key(topic)
	listed := k.kind.Newest() > 0
	switch {
	case p.before != "" && !listed:
		return a, errBefore
	case p.from != "" && !listed:
		return a, errFrom
	case p.before == "":
		err = kept.Read(ctx, key, func(s *S, upTo event.ID) (err error) {
			a.at = upTo
			a.value, err = k.encode(*s, p)
			return err
		})
		return a, err
	}
	if err := kept.CatchUp(ctx); err != nil {
		return a, err
	}
	// The page waits until it has the newest event that these items include.
	err = kept.ViewLast(ctx, key, func(s *S, last event.ID) (err error) {
		older, more := k.kind.Before(*s, p.before, p.n)
		a.at, a.more = last, `,"more":`+strconv.FormatBool(more)
		a.value, err = k.kind.Encode(&older)
		return err
	})
	return a, err
}

func (k *States[S]) encode(s S, p part) ([]byte, error) {
	switch {
	case p.window && p.from != "":
		s = k.kind.From(s, p.from)
	case p.window:
		s = k.kind.Window(s)
	}
	return k.kind.Encode(&s)
}
