package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

var rooms = []string{"a", "b"}

// id is that of the event with a number.
func id(seq int) string { return fmt.Sprintf("epoch-%d-tagg", seq) }

// collected is a checker to which a1, b2, a3 and a5 were acknowledged with the
// numbers in their names, and to which u4 was sent and not acknowledged.
func collected(t *testing.T) *checker {
	t.Helper()
	c := newChecker()
	for _, p := range whole() {
		c.send(p.room, p.text)
		if p.text != "u4" {
			c.acknowledge(p.text, p.id)
		}
	}
	if len(c.violations) > 0 {
		t.Fatalf("before any history: %q", c.violations)
	}
	return c
}

// whole is the history in which everything came, what was not acknowledged too.
func whole() []post {
	return []post{{id(1), "a", "a1"}, {id(2), "b", "b2"}, {id(3), "a", "a3"}, {id(4), "a", "u4"}, {id(5), "a", "a5"}}
}

// without is the history but for the posts at some places.
func without(places ...int) (posts []post) {
	for i, p := range whole() {
		if !slices.Contains(places, i) {
			posts = append(posts, p)
		}
	}
	return posts
}

func TestCheckerSeesWhatIsWrongWithAHistory(t *testing.T) {
	turned := whole()
	turned[1], turned[2] = turned[2], turned[1]
	otherID := whole()
	otherID[2].id = "epoch-3-other"
	otherRoom := whole()
	otherRoom[2].room = "b"
	twice := append(whole(), post{id(6), "a", "u4"})
	for _, tc := range []struct {
		name    string
		history []post
		says    string // empty if nothing is wrong
	}{
		{"everything", whole(), ""},
		{"without what was given up", without(3), ""},
		{"a loss in the middle", without(1), `acknowledged post "b2" has not come`},
		{"a loss at the beginning", without(0), `acknowledged post "a1" has not come`},
		{"a loss at the end", without(4), `acknowledged post "a5" has not come`},
		{"nothing at all", nil, "has not come"},
		{"the same event twice", append(whole(), whole()[4]), "and again with"},
		{"one post under two ids", append(whole(), post{id(6), "a", "a1"}), "and again with"},
		{"a post that was given up, twice", twice, "and again with"},
		{"two in the other order", turned, "came after"},
		{"another id than acknowledged", otherID, "was acknowledged with"},
		{"in another room", otherRoom, "was sent to room a and came in b"},
		{"what nobody sent", append(whole(), post{id(6), "a", "a6"}), "was never sent"},
	} {
		c := collected(t)
		c.check("reader", tc.history, rooms, 5)
		said := strings.Join(c.violations, "\n")
		if (tc.says == "") != (said == "") || !strings.Contains(said, tc.says) {
			t.Errorf("%s: the checker says %q, want %q", tc.name, said, tc.says)
		}
	}
}

func TestCheckerAsksForTheReadersRoomsOnly(t *testing.T) {
	c := collected(t)
	c.check("reader", without(1), []string{"a"}, 5)
	c.check("reader", without(1, 4), []string{"a"}, 4)
	if len(c.violations) > 0 {
		t.Errorf("the checker says %q", c.violations)
	}
	c.check("reader", whole(), []string{"a"}, 5)
	if len(c.violations) != 1 {
		t.Errorf("of a post of another room the checker says %q", c.violations)
	}
}

func TestCheckerSeesWhatIsWrongWithAnAnswer(t *testing.T) {
	for _, tc := range []struct{ name, id, says string }{
		{"another post's id", id(5), "with one id"},
		{"a number below one acknowledged before", id(4), "had been acknowledged before"},
		{"no id", "", "has no number"},
		{"the next number", id(6), ""},
	} {
		c := collected(t)
		c.send("a", "next")
		c.acknowledge("next", tc.id)
		said := strings.Join(c.violations, "\n")
		if (tc.says == "") != (said == "") || !strings.Contains(said, tc.says) {
			t.Errorf("%s: the checker says %q, want %q", tc.name, said, tc.says)
		}
	}
}

func TestCheckerComparesAHistoryWithTheLog(t *testing.T) {
	for _, tc := range []struct {
		name    string
		history []post
		wrong   bool
	}{
		{"the same", whole(), false},
		{"a loss that nobody was promised", without(3), true},
		{"less at the end", without(4), true},
		{"more than the log holds", append(whole(), post{id(6), "a", "a6"}), true},
	} {
		c := collected(t)
		c.compare("reader", tc.history, whole(), rooms, 5)
		if (len(c.violations) > 0) != tc.wrong {
			t.Errorf("%s: the checker says %q", tc.name, c.violations)
		}
	}
	c := collected(t)
	c.compare("reader", without(1, 4), whole(), []string{"a"}, 4)
	if len(c.violations) > 0 {
		t.Errorf("of one room, up to number 4: %q", c.violations)
	}
}
