package eventlog

import (
	"slices"

	"github.com/seawaykit/seaway/shared/event"
)

// A Generation is one start of a log. Logs that can be started on an older copy
// of their data, as one in a directory can, record generations.
type Generation struct {
	Name  event.Generation
	First uint64 // the first number that was given, or will be given, in it
}

// Generations are the generations of a log, oldest first, with rising first
// numbers. There are none for a log that its epoch alone identifies.
//
// They prove which history a log holds. All numbers of a generation were given
// by one process, and the numbers before them were final when the generation
// began. So a position of a generation that the log knows, with a number below
// the next generation's first, was given by this log, or by one that held the
// same events up to there. A log that was restored to an older copy of its data
// either does not know the generation, or began the next one at or below that
// number.
type Generations []Generation

// Of returns the generation of a number. Numbers before the first generation
// count as part of it: they were final when it began.
func (g Generations) Of(seq uint64) event.Generation {
	if len(g) == 0 {
		return event.Generation{}
	}
	i := len(g) - 1
	for i > 0 && g[i].First > seq { // nearly always it is one of the last
		i--
	}
	return g[i].Name
}

// Newest returns the generation in which numbers are given now.
func (g Generations) Newest() event.Generation {
	if len(g) == 0 {
		return event.Generation{}
	}
	return g[len(g)-1].Name
}

// Proves reports whether the log's history up to the id's number is the one in
// which the id was given. Number 0 precedes every history.
func (g Generations) Proves(id event.ID) bool {
	if id.Seq() == 0 {
		return true
	}
	if len(g) == 0 {
		return id.Generation() == event.Generation{}
	}
	i := slices.IndexFunc(g, func(one Generation) bool { return one.Name == id.Generation() })
	return i >= 0 && (i == len(g)-1 || id.Seq() < g[i+1].First)
}
