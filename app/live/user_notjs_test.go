//go:build !js

package live

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

var errAway = errors.New("the server is away")

// identified returns options with the answers of Identify. The last answer is
// repeated; an empty one is an error.
func identified(asked *int, answers ...string) Options {
	return Options{
		Own: func(id string) []string { return []string{"inbox." + id} },
		Identify: func(context.Context) (Identity, error) {
			answer := answers[min(*asked, len(answers)-1)]
			*asked++
			if answer == "" {
				return Identity{}, errAway
			}
			return Identity{ID: answer, Name: "Ann"}, nil
		},
	}
}

// next returns the connection that the page has opened, for these topics.
func (r *mounted) next(t *testing.T, topics ...string) *sourcetest.Conn {
	t.Helper()
	r.run()
	r.run() // the answer, and what it opens
	if r.server.Waiting() != 1 {
		t.Fatalf("%d streams were opened", r.server.Waiting())
	}
	conn := r.server.Next()
	if got := asks(t, conn)["topic"]; !slices.Equal(got, topics) {
		t.Errorf("the page follows %q, want %q", got, topics)
	}
	return conn
}

var refusal = sourcetest.Fault(wire.Fault{Error: fault.Error{Code: fault.Forbidden, Message: "not yours"}})

func TestPageAsksForItsUserAndRemembers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		opts := identified(&asked, "ann")
		first := newMounted(opts)
		var reported []Identity
		first.OnUser(func(u Identity) { reported = append(reported, u) })
		first.mountIn(t)
		first.next(t, "notes", "inbox.ann")
		if want := (Identity{"ann", "Ann"}); !slices.Equal(reported, []Identity{want}) || first.User() != want {
			t.Errorf("the page reports %v", reported)
		}
		first.SetUser(Identity{"ann", "Anne"})

		second := newMounted(opts)
		second.kept = first.kept
		second.opts.Identify = func(context.Context) (Identity, error) { return Identity{}, errAway }
		second.mountIn(t)
		if second.User().Name != "Anne" {
			t.Errorf("the next page load begins as %v", second.User())
		}
		second.next(t, "notes", "inbox.ann")
	})
}

func TestPageFollowsWhatIsPublicWithoutAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		r := newMounted(identified(&asked, "", "ann"))
		r.mountIn(t)
		conn := r.next(t, "notes")
		conn.Send(sourcetest.Hello(wire.Live, id(1))) // and asks again
		r.next(t, "notes", "inbox.ann")
		if asked != 2 || r.IsAnonymous() {
			t.Errorf("the server was asked %d times", asked)
		}
	})
}

func TestPageAsksAgainWhenItsStreamIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		r := newMounted(identified(&asked, "ann", "bob"))
		r.mountIn(t)
		r.next(t, "notes", "inbox.ann").Send(refusal)
		conn := r.next(t, "notes", "inbox.bob")
		conn.Send(sourcetest.Hello(wire.Live, id(1)))
		r.run()
		if r.refusals != 0 || r.User().ID != "bob" {
			t.Errorf("the user is %v, after %d refusals", r.User(), r.refusals)
		}
	})
}

// A browser without cookies gets another identity with each request.
func TestPageGivesUpAfterThreeRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		r := newMounted(identified(&asked, "a", "b", "c", "d"))
		r.mountIn(t)
		r.next(t, "notes", "inbox.a").Send(refusal)
		r.next(t, "notes", "inbox.b").Send(refusal)
		r.next(t, "notes", "inbox.c").Send(refusal)
		conn := r.next(t, "notes")
		conn.Send(sourcetest.Hello(wire.Live, id(1)))
		r.run()
		r.run()
		if asked != 3 || !r.IsAnonymous() || r.User() != (Identity{}) {
			t.Errorf("asked %d times, the user is %v", asked, r.User())
		}
	})
}
