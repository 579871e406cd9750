package states

import (
	"maps"
	"slices"
	"time"
)

// Stats are figures of the states of a kind at one moment, for operators.
type Stats struct {
	Kind         string
	Bytes, Limit int // of memory, counted as JSON, and what it may be
	Topics       int // in memory
	Changed      int // of those: that have something that is in no checkpoint
	Writer       bool
	Position     uint64        // checkpoints include all events up to this number
	Behind       uint64        // numbers after it that are in their states
	Age          time.Duration // since the first event that is in no checkpoint came, to a second; 0 if there is none
	Failed       int           // topics whose state cannot be kept or read
	Failures     []Failure     // some of them, by topic
	Err          error         // why no state is kept up to date, or nil
}

// A Failure is a topic whose state cannot be kept or read, and why.
type Failure struct {
	Topic string
	Err   error
}

// shownFailures is how many failures the figures name.
const shownFailures = 5

// Stats returns the current figures. It waits for no checkpoint, and costs the same for
// any number of topics.
func (s *States[S]) Stats() Stats {
	err := s.Health()
	s.mu.Lock()
	defer s.mu.Unlock()
	st := Stats{
		Kind: s.kind.Name(), Bytes: s.used.bytes, Limit: s.limit, Topics: len(s.entries), Changed: len(s.dirty),
		Writer: s.mine, Position: s.covered, Behind: s.applied.Seq() - min(s.applied.Seq(), s.covered), Failed: len(s.failed), Err: err,
	}
	if first, ok := s.arrivals.after(s.covered); ok && st.Changed > 0 {
		st.Age = time.Since(first)
	}
	if st.Failed > 0 {
		keys := slices.Sorted(maps.Keys(s.failed))
		for _, key := range keys[:min(shownFailures, len(keys))] {
			st.Failures = append(st.Failures, Failure{s.kind.Topic(key), s.failed[key]})
		}
	}
	return st
}

// fails notes that the state of an entry, which is locked, cannot be kept.
func (s *States[S]) fails(t *entry[S]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed[t.key] = t.err
}
