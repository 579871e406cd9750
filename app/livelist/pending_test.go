package livelist_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/app/livelist"
)

// state returns what is shown, pending items with their progress.
func state(l *livelist.List[item]) string {
	all := []string{texts(l)}
	for _, p := range l.Pending() {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s:%v %s", p.Item.key, p.Progress, p.Reason)))
	}
	return strings.TrimSpace(strings.Join(all, " | "))
}

// A posted item ends as its event, whatever comes first and whatever is lost.
func TestPendingItemIsShownOnce(t *testing.T) {
	event := func(l *livelist.List[item]) { l.Upsert(item{"k", 0, "event"}) }
	reply := func(l *livelist.List[item]) { l.Confirm("k") }
	fail := func(l *livelist.List[item]) { l.Fail("k", "timeout") }
	retry := func(l *livelist.List[item]) { l.Retry("k") }
	discard := func(l *livelist.List[item]) { l.Discard("k") }
	remove := func(l *livelist.List[item]) { l.Remove("k") }
	clear := func(l *livelist.List[item]) { l.Clear() }
	pause := func(l *livelist.List[item]) { l.Pause() }
	resume := func(l *livelist.List[item]) { l.Resume() }
	for name, c := range map[string]struct {
		steps []func(*livelist.List[item])
		want  string
	}{
		"nothing yet":                              {nil, "a | k:sending"},
		"the reply":                                {do(reply), "a | k:sent"},
		"reply, then event":                        {do(reply, event), "a event"},
		"event, then reply":                        {do(event, reply), "a event"},
		"event twice":                              {do(event, event), "a event"},
		"a failure":                                {do(fail), "a | k:failed timeout"},
		"a failure, and the event all the same":    {do(fail, event), "a event"},
		"the event, and a failure":                 {do(event, fail), "a event"},
		"a retry":                                  {do(fail, retry), "a | k:sending"},
		"a retry, and both":                        {do(fail, retry, event, reply), "a event"},
		"a retry of what is being sent":            {do(retry), "a | k:sending"},
		"a discard":                                {do(fail, discard), "a"},
		"a discard of what is being sent":          {do(discard), "a | k:sending"},
		"a discard, and the event after all":       {do(fail, discard, event), "a event"},
		"an event that is removed, then the reply": {do(event, remove, reply), "a"},
		"a reply, and the event is removed":        {do(reply, remove), "a"},
		"a removal of what is being sent":          {do(remove), "a | k:sending"},
		"a clear":                                  {do(clear), "| k:sending"},
		"a failure and a clear":                    {do(fail, clear), "| k:failed timeout"},
		"a reply and a clear":                      {do(reply, clear), ""},
		"a reply, a clear and the event again":     {do(reply, clear, event), "event"},
		"paused":                                   {do(pause), "a | k:sending"},
		"paused, with the event":                   {do(pause, event), "a | k:sent"},
		"paused, and resumed":                      {do(pause, event, reply, resume), "a event"},
		"paused, removed and resumed":              {do(pause, event, remove, resume), "a"},
		"paused, cleared and resumed":              {do(pause, event, clear, resume), ""},
		"paused, cleared, again and resumed":       {do(pause, event, clear, event, resume), "event"},
		"paused, answered, cleared, resumed":       {do(pause, reply, clear, resume), ""},
		"begun twice":                              {do(func(l *livelist.List[item]) { l.Begin(item{"k", 0, "again"}) }), "a | k:sending"},
		"begun after its event":                    {do(event, func(l *livelist.List[item]) { l.Begin(item{"k", 0, "again"}) }), "a event"},
	} {
		l := newList(0)
		l.Upsert(item{"a", 0, "a"})
		l.Begin(item{"k", 0, "mine"})
		for _, step := range c.steps {
			step(l)
		}
		if got := state(l); got != c.want {
			t.Errorf("%s: the list shows %q, want %q", name, got, c.want)
		}
	}
}

func do(steps ...func(*livelist.List[item])) []func(*livelist.List[item]) { return steps }

func TestRetryReturnsTheItem(t *testing.T) {
	l := newList(0)
	l.Begin(item{"k", 0, "mine"})
	if i, ok := l.Retry("k"); ok {
		t.Errorf("what has not failed is sent again: %v", i)
	}
	l.Fail("k", "no")
	if i, ok := l.Retry("k"); !ok || i.text != "mine" {
		t.Errorf("to send again is %v, %v", i, ok)
	}
}

func TestPendingItemsThatWereHandedOutNeverChange(t *testing.T) {
	l := newList(0)
	l.Begin(item{"a", 0, "a"})
	l.Begin(item{"b", 0, "b"})
	before := l.Pending()
	was := fmt.Sprint(before)
	l.Fail("a", "no")
	l.Begin(item{"c", 0, "c"})
	l.Discard("a")
	l.Upsert(item{"b", 0, "b"})
	if got := fmt.Sprint(before); got != was {
		t.Errorf("%s has become %s", was, got)
	}
}
