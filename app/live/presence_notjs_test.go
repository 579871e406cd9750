//go:build !js

package live

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/presence"
	"github.com/seawaykit/seaway/shared/wire"
)

var lists = presence.Define[string]("test.here")

const readHere = "/state?window&topic=test.here.board.red"

// hereAs returns a list as the server answers it, of which event number last is the newest change.
func hereAs(at, last uint64, names ...string) carriedState {
	s := presence.Section[string]{Total: len(names)}
	for _, name := range names {
		s.People = append(s.People, presence.Person[string]{Key: name, Profile: name})
	}
	value, err := json.Marshal(presence.Here[string]{Nodes: map[string]presence.Section[string]{"a": s}, Last: last})
	if err != nil {
		panic(err)
	}
	return carriedState{Topic: "test.here.board.red", Type: lists.Lists().Fingerprint(), Position: id(at), Value: value}
}

// joins is the change by which one more is here.
func joins(seq, after uint64, name string, total int) transport.Frame {
	c := presence.Change[string]{After: after, Node: "a", Join: []presence.Person[string]{{Key: name, Profile: name}}, Total: total}
	return sourcetest.EventOn(lists.Changed(), event.Meta{ID: id(seq), Topic: lists.Topic("board.red")}, c)
}

func showsHere(t *testing.T, when string, v *Value[presence.Here[string]], want string) {
	t.Helper()
	got := fmt.Sprint(v.Now().Count())
	for _, p := range v.Now().People() {
		got += " " + p.Profile
	}
	if got != want {
		t.Errorf("%s the list shows %q, want %q", when, got, want)
	}
}

// A list is there at the first render, goes on by differences, and is read again when one is
// missing: the log keeps only the newest.
func TestPresenceIsDrawnAndReadAgainWhenAChangeIsMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := aHost(t)
		h.states = map[string]carriedState{"test.here.board.red": hereAs(3, 2, "ann")}
		with(t, h)
		server := newMounted(Options{})
		drawn := Presence(server.Page, lists, "board.red")
		server.Init()
		showsHere(t, "on the server", drawn, "1 ann")

		r := newMounted(Options{})
		v := Presence(r.Page, lists, "board.red")
		if !r.apply(carriedBy(t, server.Page)) {
			t.Fatal("the browser does not take the server's list")
		}
		showsHere(t, "in the browser", v, "1 ann")
		r.mountIn(t)
		conn := r.server.Next()
		conn.Send(sourcetest.Hello(wire.Resumed, id(3)), joins(4, 2, "bob", 2))
		r.run()
		showsHere(t, "after a change", v, "2 ann bob")
		if len(r.asked()) != 0 {
			t.Errorf("it has asked for %v", r.asked())
		}
		r.serve(map[string]carriedState{readHere: hereAs(10, 10, "ann", "bob", "cy", "di", "eve")})
		conn.Send(joins(9, 7, "di", 4), joins(10, 9, "eve", 5))
		r.run()
		r.run() // the answer
		showsHere(t, "after a change without the one before", v, "5 ann bob cy di eve")
		if !slices.Equal(r.asked(), []string{readHere}) {
			t.Errorf("it has asked for %v", r.asked())
		}
	})
}

// To follow a list is to be in it: a page that closes one takes a connection without it.
func TestPresenceThatIsClosedIsFollowedNoLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{})
		v := Presence(r.Page, lists, "board.red")
		r.serve(map[string]carriedState{readHere: hereAs(3, 2, "ann")})
		r.mountIn(t)
		r.server.Next().Send(sourcetest.Hello(wire.Live, id(5)))
		r.run()
		v.Close()
		r.run()
		if asked := asks(t, r.server.Next()); !slices.Equal(asked["topic"], []string{"notes"}) {
			t.Errorf("the next connection asks for %v", asked["topic"])
		}
	})
}
