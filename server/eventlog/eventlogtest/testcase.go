package eventlogtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

const (
	// timeout is how long the suite waits for what must happen. An election of
	// a NATS cluster takes up to 9 s on an idle machine.
	timeout = time.Minute
	// pause is the time between two checks.
	pause = 5 * time.Millisecond
)

// A testCase is one case being run.
type testCase struct {
	*testing.T
	Harness
}

func (t *testCase) open(r eventlog.Retention) eventlog.Log {
	t.Helper()
	return t.Open(t.T, r)
}

// peer returns another handle of the log, or the log itself.
func (t *testCase) peer(log eventlog.Log) eventlog.Log {
	t.Helper()
	if t.Peer == nil {
		return log
	}
	return t.Peer(t.T, log)
}

// draft returns a draft with a key of its own, so that the suite can prove the
// id it gets.
func draft(topic, data string) event.Draft {
	return event.Draft{Topic: topic, Type: "test.happened", Data: []byte(data), Key: "key/" + topic + "/" + data}
}

func (t *testCase) publish(log eventlog.Log, d event.Draft) event.ID {
	t.Helper()
	id, err := log.Append(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// fill publishes events "1" to "n" to the topics in turn.
func (t *testCase) fill(log eventlog.Log, n int, topics ...string) []event.ID {
	t.Helper()
	ids := make([]event.ID, n)
	for i := range ids {
		ids[i] = t.publish(log, draft(topics[i%len(topics)], fmt.Sprint(i+1)))
	}
	return ids
}

func (t *testCase) state(log eventlog.Log) eventlog.State {
	t.Helper()
	state, err := log.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// readAll returns what the log holds from number from on, as this node knows it.
func (t *testCase) readAll(log eventlog.Log, from uint64, limit int, topics ...string) []event.Event {
	t.Helper()
	var all []event.Event
	for {
		page, err := log.Read(t.Context(), from, limit, topics...)
		if err != nil {
			t.Fatal(err)
		}
		t.checkPage(page, from, limit)
		all = append(all, page.Events...)
		if from = page.Next; page.Head {
			return all
		}
	}
}

// shows waits until a node, which may lag, has as many events from a number on as are
// wanted, and fails if they are others.
func (t *testCase) shows(what string, log eventlog.Log, from uint64, limit int, want []event.ID, topics ...string) {
	t.Helper()
	var got []event.Event
	t.eventually(func() error {
		if got = t.readAll(log, from, limit, topics...); len(got) != len(want) {
			return fmt.Errorf("%s: %d events, want %d", what, len(got), len(want))
		}
		return nil
	})
	t.same(what, got, want)
}

// checkPage fails if a page breaks what holds for every page.
func (t *testCase) checkPage(page eventlog.Page, from uint64, limit int) {
	t.Helper()
	if len(page.Events) > limit {
		t.Fatalf("a page of at most %d holds %d events", limit, len(page.Events))
	}
	next := from
	for _, e := range page.Events {
		if e.ID().Seq() < next {
			t.Fatalf("a page from %d holds %d where at least %d was due", from, e.ID().Seq(), next)
		}
		next = e.ID().Seq() + 1
	}
	if page.Next < next {
		t.Fatalf("the next of a page is %d, before its end %d", page.Next, next)
	}
}

// await reads until the log shows the wanted payloads. A node may lag behind
// the one that acknowledged them.
func (t *testCase) await(log eventlog.Log, want string, topics ...string) []event.Event {
	t.Helper()
	var all []event.Event
	t.eventually(func() error {
		all = t.readAll(log, 0, 10, topics...)
		if got := payloads(all); got != want {
			return fmt.Errorf("the log holds %s, want %s", got, want)
		}
		return nil
	})
	return all
}

// eventually calls look until it returns nil, and fails with its last error
// at the timeout.
func (t *testCase) eventually(look func() error) {
	t.Helper()
	again, end := time.NewTicker(pause), time.NewTimer(timeout)
	defer again.Stop()
	defer end.Stop()
	for {
		err := look()
		if err == nil {
			return
		}
		select {
		case <-again.C:
		case <-end.C:
			t.Fatal(err)
		}
	}
}

// payloads returns the payloads in order, separated by spaces.
func payloads(events []event.Event) string {
	var all []string
	for _, e := range events {
		all = append(all, string(e.Data()))
	}
	return strings.Join(all, " ")
}

// count returns the payloads that fill(n) publishes.
func count(from, to int) string {
	var all []string
	for i := from; i <= to; i++ {
		all = append(all, fmt.Sprint(i))
	}
	return strings.Join(all, " ")
}

// ids returns the events' ids.
func ids(events []event.Event) []event.ID {
	all := make([]event.ID, len(events))
	for i, e := range events {
		all[i] = e.ID()
	}
	return all
}

// same fails unless the events have exactly the ids, in order.
func (t *testCase) same(what string, events []event.Event, want []event.ID) {
	t.Helper()
	if got := ids(events); !slices.Equal(got, want) {
		t.Fatalf("%s: the ids are\n%v, want\n%v", what, got, want)
	}
}
