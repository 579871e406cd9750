package eventtest

import (
	"strings"
	"testing"
)

func TestReviewReportsWhatToDo(t *testing.T) {
	for _, c := range []struct {
		name, history, present string
		lacks                  []string // lines
		says                   []string // parts of the faults
	}{
		{name: "nothing has changed", history: "a {x:int}\n# remark\n", present: "a {x:int}\n"},
		{name: "only the newest line counts", history: "a {}\na {x:int}\n", present: "a {x:int}\n"},
		{name: "a new type", history: "a {x:int}\n", present: "a {x:int}\nb string\n", lacks: []string{"b string"}},
		{name: "a field more", history: "a {x:int}\n", present: "a {x:int y:int}\n", lacks: []string{"a {x:int y:int}"}},
		{name: "a field renamed", history: "a.b {x:int}\n", present: "a.b {y:int}\n",
			says: []string{"event type a.b: field x was removed. ", "define the new payload as a.b.v2, and join the two by event.Upcast"}},
		{name: "another kind, in the second version", history: "a {x:int}\n", present: "a {x:string}\nb int\n",
			lacks: []string{"b int"}, says: []string{"event type a: field x was int and is string. "}},
		{name: "back to a version before the last", history: "a {x:int}\na {x:int y:int}\n", present: "a {x:int}\n",
			says: []string{"event type a: field y was removed"}},
		{name: "a type that is gone", history: "a {x:int}\nb {}\n", present: "b {}\n",
			says: []string{"event type a is recorded, but not defined. ", "join the two by event.Upcast"}},
	} {
		news, faults, err := review(c.history, c.present)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		var lines []string
		for _, n := range news {
			lines = append(lines, n.line)
		}
		if strings.Join(lines, "|") != strings.Join(c.lacks, "|") {
			t.Errorf("%s: the history lacks %q, want %q", c.name, lines, c.lacks)
		}
		if text := strings.Join(faults, "\n"); (len(faults) > 0) != (len(c.says) > 0) {
			t.Errorf("%s: the faults are %q", c.name, faults)
		} else {
			for _, part := range c.says {
				if !strings.Contains(text, part) {
					t.Errorf("%s: the faults are %q, want %q", c.name, faults, part)
				}
			}
		}
	}
}

func TestHistoryThatCannotBeReadIsNotReviewed(t *testing.T) {
	if _, _, err := review("a {x:int", ""); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("got %v", err)
	}
}

func TestTypeIsFollowedByTheNextVersion(t *testing.T) {
	for name, want := range map[string]string{
		"chat.posted": "chat.posted.v2", "chat.posted.v2": "chat.posted.v3", "a.v19": "a.v20", "a.voted": "a.voted.v2", "a.v2.b": "a.v2.b.v2",
	} {
		if got := successor(name); got != want {
			t.Errorf("%s is followed by %s, want %s", name, got, want)
		}
	}
}
