// Package eventlogtest tests implementations of [eventlog.Log]: one that passes
// the suite keeps the promises of package eventlog.
//
//	func TestLog(t *testing.T) {
//		eventlogtest.Run(t, eventlogtest.Harness{
//			Open: func(t *testing.T, r eventlog.Retention) eventlog.Log { ... },
//		})
//	}
//
// The suite waits for what must happen, however slow the machine, and fails at
// once on what must never happen: an event out of order, twice, or changed.
// Each case opens a log of its own and stops every goroutine it started.
package eventlogtest

import (
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
)

// A Harness opens the logs under test. Only Open is required; a case that needs
// a function that is nil is left out.
type Harness struct {
	// Open returns an empty log with the given retention, whose zero fields
	// stand for the defaults. The log is closed when the test ends, by Open's
	// own [testing.T.Cleanup].
	Open func(t *testing.T, r eventlog.Retention) eventlog.Log

	// Peer returns another handle of the same log, on another node if there
	// are several. Without it the log is its own peer.
	Peer func(t *testing.T, log eventlog.Log) eventlog.Log

	// Reopen closes the log, as a deploy would, and opens it again.
	Reopen func(t *testing.T, log eventlog.Log) eventlog.Log

	// Backup copies the log's data, as an operator would, and continues with
	// the log. restore stops that log and opens the copy in its place.
	Backup func(t *testing.T, log eventlog.Log) (again eventlog.Log, restore func() eventlog.Log)

	// Replace replaces the log's data by another, empty log, while the log
	// stays open, as if its directory had been wiped.
	Replace func(t *testing.T, log eventlog.Log)

	// Fault stops a part that the log can do without for some time, such as the
	// leader of a cluster, and returns the function that restores it.
	Fault func(t *testing.T, log eventlog.Log) (repair func())
}

// Run runs the suite.
func Run(t *testing.T, h Harness) {
	for _, c := range cases {
		if c.needs != nil && !c.needs(h) {
			continue
		}
		t.Run(c.name, func(t *testing.T) { c.run(&testCase{T: t, Harness: h}) })
	}
}

func needsReopen(h Harness) bool  { return h.Reopen != nil }
func needsBackup(h Harness) bool  { return h.Backup != nil }
func needsReplace(h Harness) bool { return h.Replace != nil }
func needsFault(h Harness) bool   { return h.Fault != nil }

var cases = []struct {
	name  string
	run   func(*testCase)
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
	{"an append is traced by the tracer of its context", traced, nil},

	{"drafts are stored as one, in order", batches, nil},
	{"drafts without a key are stored as one each time", batchWithoutKey, nil},
	{"drafts that cannot be stored as one are refused", badBatches, nil},
	{"the largest drafts are stored as one", largestBatch, nil},
	{"drafts conflict unless the topic is as expected", batchExpectations, nil},
	{"drafts of many writers that expect the same are stored of one", batchRace, nil},
	{"a retry of drafts stores nothing", batchRetries, nil},
	{"a key of drafts is of one request", batchReusedKey, nil},
	{"retries of drafts at the same time store them once", batchConcurrentRetries, nil},
	{"a key of drafts outlives its events", batchKeyOutlives, nil},
	{"a read up to the head has drafts stored as one whole", batchReaders, nil},
	{"the oldest of drafts stored as one leave by count", batchByCount, nil},

	{"pages join without gap or overlap", pages, nil},
	{"a read by topics merges them in order", topics, nil},
	{"an empty page says how far the log was searched", quiet, nil},
	{"a read refuses what cannot be a topic", badTopics, nil},
	{"a read starts after a hole", holes, nil},
	{"a read beyond the head waits for nothing", beyond, nil},
	{"a read from what retention has removed is refused", readGap, nil},
	{"a read from what has expired or was replaced is not", expired, nil},
	{"a log that retention has emptied says so", emptied, nil},
	{"a reader by topics keeps up with appends", readWhileAppending, nil},

	{"a replay returns what reads do", replays, nil},
	{"a replay keeps up with appends", replayWhileAppending, nil},
	{"a replay that retention overtakes is refused", replayGap, nil},

	{"a tail starts at the number it is given", tailFrom, nil},
	{"a tail goes from stored to new events without a seam", tailSeam, nil},
	{"a slow tail misses nothing and delays no other", slowTail, nil},
	{"a tail catches up although the log grows", growing, nil},
	{"a tail from what retention has removed ends", tailGap, nil},
	{"a tail that retention overtakes ends", overtaken, nil},
	{"a closed log says so and ends its tails", closed, nil},

	{"a position is proved or refused", positions, nil},
	{"a position outlives the events that were replaced", young, nil},
	{"a position outlives replaced events of an old log", worn, nil},
	{"a position outlives its own event", outlived, nil},
	{"a restored older copy refuses what came after it", restored, needsBackup},
	{"a log goes on after a restart", restart, needsReopen},
	{"a retry of drafts after a restart stores nothing", batchRestart, needsReopen},
	{"a key is of one request after a restart", reusedKeyRestart, needsReopen},
	{"an emptied log gives no number twice after a restart", emptiedRestart, needsReopen},
	{"a value comes back as it was put", values, nil},
	{"a value is put only over the one that is expected", valueExpectations, nil},
	{"a value that no log could store is refused", valueRefusals, nil},
	{"the names of values are listed by prefix, in order", valueNames, nil},
	{"one of many puts over the same value wins", valueRace, nil},
	{"a value is read whole while it is replaced", replacedValues, nil},
	{"a call about values ends with its context or its log", valueInterrupted, nil},
	{"values are there after a restart", valuesRestart, needsReopen},
	{"a restored older copy has the values of its events", valuesRestored, needsBackup},
	{"no acknowledged value is lost by a fault", valuesFaulted, needsFault},

	{"the state counts what the log holds", sizes, nil},
	{"no event leaves that a value holds", heldByOne, nil},
	{"the oldest position of all values holds", heldByMany, nil},
	{"a value that holds no more lets events leave", heldNoMore, nil},
	{"a value cannot hold what has left", heldTooLate, nil},
	{"a log that is held refuses appends at its hard limit", heldToTheEnd, nil},
	{"drafts that exceed the hard limit are refused together", batchHeld, nil},
	{"a value that is stored holds what was about to leave", heldRace, nil},
	{"bytes are held as events are", heldByBytes, nil},
	{"few retained bytes have room for the largest event", heldByFewBytes, nil},
	{"events of any age are held", heldByAge, nil},
	{"a held position is resumed from", heldPosition, nil},
	{"a log holds events after a restart", heldAfterRestart, needsReopen},
	{"checkpoints include every event through a fault", heldThroughFault, needsFault},

	{"a tail ends when its log is replaced", replaced, needsReplace},
	{"no acknowledged event is lost or doubled by a fault", faulted, needsFault},
	{"acknowledged drafts are whole and not doubled by a fault", batchFaulted, needsFault},
	{"drafts of callers that give up are whole or not stored", batchAbandoned, needsFault},
}
