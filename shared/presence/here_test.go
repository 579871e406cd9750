package presence_test

import (
	"fmt"
	"testing"

	"github.com/seawaykit/seaway/shared/presence"
)

type (
	change  = presence.Change[string]
	person  = presence.Person[string]
	section = presence.Section[string]
)

// shown returns the names and the count of a list, and whether it is torn.
func shown(h presence.Here[string]) string {
	text := fmt.Sprint(h.Count())
	for _, p := range h.People() {
		text += " " + p.Profile
	}
	if h.Torn {
		text += " torn"
	}
	return text
}

func TestListIsTheFoldOfItsChanges(t *testing.T) {
	var h presence.Here[string]
	for i, c := range []struct {
		change change
		want   string
	}{
		{change{Whole: true, Nodes: map[string]section{"a": {[]person{{"1", "ann"}}, 1}}}, "1 ann"},
		{change{After: 1, Node: "a", Join: []person{{"2", "bob"}}, Total: 2}, "2 ann bob"},
		{change{After: 2, Node: "b", Join: []person{{"1", "ann"}, {"3", "cy"}}, Total: 2}, "3 ann bob cy"},
		{change{After: 3, Node: "a", Join: []person{{"2", "Bob"}}, Leave: []string{"1"}, Total: 150}, "152 Bob ann cy"},
		{change{After: 4, Node: "a"}, "2 ann cy"},
		{change{After: 4, Node: "a", Join: []person{{"4", "di"}}, Total: 1}, "3 di ann cy torn"},
		{change{After: 6, Node: "a", Total: 0}, "2 ann cy torn"},
		{change{Whole: true}, "0"},
	} {
		h.Apply(c.change, uint64(i+1))
		if got := shown(h); got != c.want {
			t.Errorf("after change %d: %q, want %q", i+1, got, c.want)
		}
	}
}

// A reader keeps what it has taken while the list changes.
func TestListSharesNothing(t *testing.T) {
	h := presence.Here[string]{Nodes: map[string]section{"a": {[]person{{"1", "ann"}, {"2", "bob"}}, 2}}}
	before := h.Nodes["a"]
	h.Apply(change{Node: "a", Join: []person{{"1", "Anna"}}, Leave: []string{"2"}, Total: 1}, 1)
	if before.People[0].Profile != "ann" || len(before.People) != 2 || shown(h) != "1 Anna" {
		t.Errorf("the section is %v, the list %s", before, shown(h))
	}
}
