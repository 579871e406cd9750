package behaviour_test

import (
	"slices"
	"strings"

	"github.com/seawaykit/seaway/app/source/sourcetest"
	script "github.com/seawaykit/seaway/app/transport/transporttest"
	"github.com/seawaykit/seaway/shared/wire"
)

// without reports whether a column has no course of phases, but a reason.
func without(want string) bool { return strings.HasPrefix(want, "–") }

// inPolls is a scenario as polls meet it: each answer ends, for that is what a
// poll waits for. What happens to a stream after event 1 happens to the poll after
// the one that brought it.
func inPolls(r row) row {
	var list []script.Answer
	for _, a := range r.answers {
		switch {
		case a.Await:
			well := begin()
			a.Parts = append([]string{text(sourcetest.Hello(wire.Resumed, at(1)))}, a.Parts[len(well.Parts):]...)
			a.Await = false
			list = append(list, well, a)
		case len(a.Parts) > 0 && a.Then == script.Hold:
			a.Then = script.Finish
			list = append(list, a)
		case a.Mute && a.Then != script.Hold:
			list = append(list, repeat(8, a)...) // browsers themselves repeat a GET that got nothing
		default:
			list = append(list, a)
		}
	}
	r.answers = list
	if r.door != closed {
		r = readable(r) // fetch asks from the test's own page
		r.door = foreign
	}
	return r
}

// inSockets is a scenario as a WebSocket meets it: with a door, since browsers
// make sockets to one address wait for each other. What is not 101 comes twice: a
// page asks by fetch why it got no socket.
func inSockets(r row) row {
	if r.door == closed {
		r.door = foreign
	}
	if first := r.answers[0]; first.Type != "" {
		first.Status = 200
		r.answers = twice(first)
	} else if first.Location != "" {
		r.answers = twice(first)
	}
	return readable(r)
}

// readable lets pages of other origins read the answers.
func readable(r row) row {
	r.answers = slices.Clone(r.answers)
	for i, a := range r.answers {
		r.answers[i] = open(a)
	}
	return r
}
