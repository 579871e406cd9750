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
		progress := "sending"
		if p.Sent {
			progress = "sent"
		}
		if p.Failure != "" {
			progress = p.Failure
		}
		all = append(all, p.Item.key+":"+progress)
	}
	return strings.TrimSpace(strings.Join(all, " | "))
}

// A posted item ends as its event, whatever comes first and whatever is lost.
func TestPendingItemIsShownOnce(t *testing.T) {
	set := func(p livelist.Pending[item]) func(l *livelist.List[item]) {
		p.Item = item{"k", 0, "mine"}
		return func(l *livelist.List[item]) { l.SetPending([]livelist.Pending[item]{p}) }
	}
	event := func(l *livelist.List[item]) { l.Upsert(item{"k", 0, "event"}) }
	sending, reply, fail := set(livelist.Pending[item]{}), set(livelist.Pending[item]{Sent: true}), set(livelist.Pending[item]{Failure: "timeout"})
	done := func(l *livelist.List[item]) { l.SetPending(nil) }
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
		"reply, then event":                        {do(reply, event, done), "a event"},
		"event, then reply":                        {do(event, reply), "a event"},
		"the event, before it is known":            {do(event), "a event"},
		"event, then reply, then done":             {do(event, reply, done), "a event"},
		"event twice":                              {do(event, event), "a event"},
		"a failure":                                {do(fail), "a | k:timeout"},
		"a failure, and the event all the same":    {do(fail, event), "a event"},
		"the event, and a failure":                 {do(event, fail), "a event"},
		"a retry":                                  {do(fail, sending), "a | k:sending"},
		"a discard":                                {do(fail, done), "a"},
		"a discard, and the event after all":       {do(fail, done, event), "a event"},
		"an event that is removed, then the reply": {do(event, remove, done), "a"},
		"a removal of what is being sent":          {do(remove), "a | k:sending"},
		"a clear":                                  {do(clear), "| k:sending"},
		"a clear and the event again":              {do(clear, event), "event"},
		"paused":                                   {do(pause), "a | k:sending"},
		"paused, with the event":                   {do(pause, event), "a | k:sent"},
		"paused, with the event, done":             {do(pause, event, reply, done), "a | k:sent"},
		"paused, and resumed":                      {do(pause, event, reply, resume), "a event"},
		"paused, removed and resumed":              {do(pause, event, remove, done, resume), "a"},
		"paused and removed":                       {do(pause, event, done, remove), "a"},
		"paused, cleared and resumed":              {do(pause, event, clear, done, resume), ""},
		"paused, cleared, again and resumed":       {do(pause, event, clear, event, resume), "event"},
		"asked for after its event":                {do(event, sending), "a event"},
	} {
		l := newList(0)
		l.Upsert(item{"a", 0, "a"})
		sending(l)
		for _, step := range c.steps {
			step(l)
		}
		if got := state(l); got != c.want {
			t.Errorf("%s: the list shows %q, want %q", name, got, c.want)
		}
	}
}

func do(steps ...func(*livelist.List[item])) []func(*livelist.List[item]) { return steps }

func TestPendingItemsThatWereHandedOutNeverChange(t *testing.T) {
	l := newList(0)
	given := mine("a", "b")
	l.SetPending(given)
	before := l.Pending()
	was := fmt.Sprint(before)
	given[0].Failure = "no"
	l.SetPending(append(given[:1], mine("c")...))
	l.Upsert(item{"a", 0, "a"})
	if got := fmt.Sprint(before); got != was {
		t.Errorf("%s has become %s", was, got)
	}
}
