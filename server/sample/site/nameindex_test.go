package site

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/state/statetest"
)

func TestNameIndexHasTheNewestNames(t *testing.T) {
	var history []statetest.Entry
	for i, name := range []string{"Ann", "Bob", "ann", "Cy", "ANN", "Dee", "Bob"} {
		history = append(history, statetest.Event(named, guest.Guest{ID: fmt.Sprint("g", i), Name: name}))
	}
	history = append(history,
		statetest.Event(named, guest.Guest{ID: "g0", Name: "Zoe"}),
		statetest.Event(named, guest.Guest{ID: "g1", Name: "ann"}),
		statetest.Event(named, guest.Guest{ID: "g5", Name: ""}),
		statetest.Event(named, guest.Guest{ID: "g3", Name: "Cy"}),
	)
	n := statetest.Check(t, guestNames, history...)
	for id, want := range map[string]string{"g0": "Zoe", "g1": "ann", "g2": "ann", "g3": "Cy", "g4": "ANN", "g5": "Dee", "g6": "Bob", "g7": ""} {
		if got := n.guest(id); got != (guest.Guest{ID: id, Name: want}) {
			t.Errorf("%s is called %q, want %q", id, got.Name, want)
		}
	}
	for name, want := range map[string][]string{"ann": {"g2", "g4", "g1"}, "bob": {"g6"}, "cy": {"g3"}, "zoe": {"g0"}, "eve": nil} {
		if got := n.called(name); !slices.Equal(got, want) {
			t.Errorf("%q are %q, want %q", name, got, want)
		}
	}
}

func TestNameIndexIsBounded(t *testing.T) {
	n := guestNames.New()
	seq := uint64(0)
	put := func(id, name string) {
		t.Helper()
		seq++
		d, err := named.Draft(namesTopic, guest.Guest{ID: id, Name: name})
		if err != nil {
			t.Fatal(err)
		}
		e, err := event.New(event.NewID("names", seq, fmt.Sprint(seq)), d, time.Unix(1_800_000_000, 0))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := guestNames.Apply(&n, e); err != nil {
			t.Fatal(err)
		}
	}
	for i := range maxNames {
		put(fmt.Sprint(i), fmt.Sprint("Name ", i))
	}
	put("3", "Name 3") // set again, and so not the oldest any more
	for i := range 10 {
		put(fmt.Sprint(maxNames+i), fmt.Sprint("Name ", maxNames+i))
	}
	for id, want := range map[string]string{"0": "", "3": "Name 3", "9": "", "10": "", "11": "Name 11", "10009": "Name 10009"} {
		if got := n.guest(id).Name; got != want {
			t.Errorf("%s is called %q, want %q", id, got, want)
		}
	}
	if len(n.Names) != maxNames || len(n.Guests) != maxNames || n.called("name 4") != nil || n.called("name 30") == nil {
		t.Errorf("it knows %d guests by %d names", len(n.Names), len(n.Guests))
	}
}
