package eventlog

import (
	"slices"

	"github.com/seawaykit/seaway/shared/event"
)

// A Generation is one start of a log that can be started on an older copy of its
// data, as one in a directory can.
type Generation struct {
	Name  event.Generation
	First uint64 // the first number that was given, or will be given, in it
}

// Generations are the generations of a log, oldest first, with rising first
// numbers. None are those of a log whose epoch alone says which log it is.
//
// They prove which history a log holds. Each number that was given in a
// generation was given by one process, and what came before it was settled when
// the generation began. So a position of a generation that the log knows, with
// a number below the next one's first, was told by this log, or by one that held
// the same events up to there. A log that was put back to an older copy of its
// data either does not know the generation, or began the next one at or below
// that number.
type Generations []Generation

// Of returns the generation of a number. Those before the first generation count
// as its own: they were settled when it began.
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

// Proves reports whether the log's history up to the number is the one in which
// the number was given. Before number 0 nothing has happened in any.
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
