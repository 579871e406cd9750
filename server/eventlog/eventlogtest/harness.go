// Package eventlogtest holds one suite for every log: an implementation that
// passes it keeps the promises of package eventlog.
//
//	func TestLog(t *testing.T) {
//		eventlogtest.Run(t, eventlogtest.Harness{
//			Open: func(t *testing.T, r eventlog.Retention) eventlog.Log { ... },
//		})
//	}
//
// The suite waits for what must come true, however slow the machine, and fails
// at once on what must never happen: an event out of order, twice, or changed.
// Each case opens a log of its own and stops every goroutine it started.
package eventlogtest

import (
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
)

// A Harness makes the logs under test. Only Open is needed; a case that needs a
// function that is nil is left out.
type Harness struct {
	// Open returns an empty log with the given retention, whose zero fields
	// stand for the defaults. The log is closed when the test ends, by Open's
	// own [testing.T.Cleanup].
	Open func(t *testing.T, r eventlog.Retention) eventlog.Log

	// Peer returns another handle of the same log, on another node if there
	// are several. Without it the log is its own peer.
	Peer func(t *testing.T, log eventlog.Log) eventlog.Log

	// Reopen closes the log, as a deploy would, and opens what it left.
	Reopen func(t *testing.T, log eventlog.Log) eventlog.Log

	// Backup copies what the log holds, as an operator would, and goes on with
	// it. What it returns stops that log and opens the copy in its place.
	Backup func(t *testing.T, log eventlog.Log) (again eventlog.Log, restore func() eventlog.Log)

	// Replace puts another, empty log in the place of this one, which stays
	// open: somebody wiped its directory, or restored another.
	Replace func(t *testing.T, log eventlog.Log)

	// Fault takes a part away that the log can do without for some time, such
	// as the leader of a cluster, and returns what brings it back.
	Fault func(t *testing.T, log eventlog.Log) (repair func())
}

// Run runs the suite.
func Run(t *testing.T, h Harness) {
	for _, c := range cases {
		if c.needs != nil && !c.needs(h) {
			continue
		}
		t.Run(c.name, func(t *testing.T) { c.run(&trial{T: t, Harness: h}) })
	}
}

func needsReopen(h Harness) bool  { return h.Reopen != nil }
func needsBackup(h Harness) bool  { return h.Backup != nil }
func needsReplace(h Harness) bool { return h.Replace != nil }
func needsFault(h Harness) bool   { return h.Fault != nil }

var cases = []struct {
	name  string
	run   func(*trial)
	needs func(Harness) bool
}{
	{"concurrent appends have one order for every reader", oneOrder, nil},
	{"an event comes back as it was appended", intact, nil},
	{"a bad draft is refused with its own error", badDrafts, nil},
	{"an event over the limit is too large", tooLarge, nil},
	{"an append whose context has ended is unavailable", interrupted, nil},
	{"a retry under the same key stores nothing", retries, nil},
	{"a key is of one request", reusedKey, nil},
	{"retries at the same time store one event", concurrentRetries, nil},
	{"a key outlives its event", keyOutlives, nil},
	{"an append conflicts unless the topic is as expected", expectations, nil},
	{"one of many appends that expect the same wins", race, nil},
	{"a retry is known although the topic has moved on", expectedRetry, nil},
	{"a latest event removes those before it", latest, nil},
	{"an event leaves at the end of its lifetime", lifetime, nil},
	{"the oldest leave by count", byCount, nil},

	{"pages join without gap or overlap", pages, nil},
	{"a read by topics merges them in order", topics, nil},
	{"an empty page says how far the log was searched", quiet, nil},
	{"a read refuses what cannot be a topic", badTopics, nil},
	{"a read starts after a hole", holes, nil},
	{"a read beyond the head waits for nothing", beyond, nil},
	{"a reader by topics keeps up with appends", readWhileAppending, nil},

	{"a tail starts where it is told", tailFrom, nil},
	{"a tail goes from stored to new events without a seam", tailSeam, nil},
	{"a slow tail misses nothing and holds up nobody", slowTail, nil},
	{"a tail catches up although the log grows", growing, nil},
	{"a closed log says so and ends its tails", closed, nil},

	{"a position's fate can be told", positions, nil},
	{"a position outlives the events that were replaced", young, nil},
	{"a position outlives replaced events of an old log", worn, nil},
	{"a restored older copy refuses what came after it", restored, needsBackup},
	{"a log goes on after a restart", restart, needsReopen},
	{"a key is of one request after a restart", reusedKeyRestart, needsReopen},
	{"an emptied log gives no number twice after a restart", emptiedRestart, needsReopen},
	{"a tail ends when its log is replaced", replaced, needsReplace},
	{"no acknowledged event is lost or doubled by a fault", faulted, needsFault},
}
