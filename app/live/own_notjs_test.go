//go:build !js

package live

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/shared/wire"
)

func TestValueReportsChangesOnceABurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{})
		v := State(r.Page, polls, "red")
		var reported []string
		v.OnChange(func(replaced bool) {
			reported = append(reported, fmt.Sprint(strings.Join(v.Now().Votes, "+"), " ", replaced))
		})
		v.load(votes(5, "a"))
		r.report() // as Init does
		r.mountIn(t)
		conn := r.server.Next()
		conn.Send(sourcetest.Hello(wire.Resumed, id(5)), vote(6, "red", "b"), vote(7, "red", "c"), vote(8, "blue", "x"))
		r.run()
		conn.Send(vote(9, "blue", "y"))
		r.run()
		r.serve(map[string]carriedState{readRed: votes(40, "x")})
		conn.Send(sourcetest.Reset(id(30), wire.Purged))
		r.run()
		r.run()
		if want := []string{"a true", "b+c false", "x true"}; !slices.Equal(reported, want) {
			t.Errorf("reported are %q, want %q", reported, want)
		}
	})
}

func TestOwnValueIsTheUsers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		opts := identified(&asked, "ann", "bea")
		opts.Own = nil
		r := newMounted(opts)
		v := Own(r.Page, polls)
		kept := 0
		v.OnChange(func(bool) { kept = len(v.Now().Votes) })
		r.serve(map[string]carriedState{
			"/state?window&topic=poll.ann": votes(5, "a", "b"),
			"/state?window&topic=poll.bea": votes(7, "c"),
		})
		r.mountIn(t)
		conn := r.next(t, "notes", "poll.ann")
		conn.Send(sourcetest.Hello(wire.Live, id(5)))
		r.run()
		r.run()
		shows(t, "for the first user", v, "a", "b")
		conn.Send(refusal)
		again := r.next(t, "notes", "poll.bea") // the server names another user
		shows(t, "before the second user's is there", v)
		if kept != 0 {
			t.Errorf("the page was not told that %d votes are gone", kept)
		}
		again.Send(sourcetest.Hello(wire.Live, id(7)), vote(8, "bea", "d"))
		r.run()
		r.run()
		shows(t, "for the second user", v, "c", "d")
	})
}
