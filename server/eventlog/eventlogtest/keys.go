package eventlogtest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

func retries(t *testCase) {
	log := t.open(eventlog.Retention{})
	first := t.publish(log, draft("a", "1"))
	t.publish(log, draft("a", "2"))

	again := draft("a", "1")
	again.Data = []byte("the payload of a retry does not count")
	if id := t.publish(t.peer(log), again); id != first {
		t.Errorf("the retry's id is %s, want %s", id, first)
	}
	again.Topic = "another"
	if id := t.publish(log, again); id != first {
		t.Errorf("the retry's id on another topic is %s, want %s", id, first)
	}
	t.await(log, "1 2")
	if state := t.state(log); state.Last != 2 {
		t.Errorf("the last number is %d, want 2", state.Last)
	}
}

// asked returns a draft for a request.
func asked(topic, data, request string) event.Draft {
	d := draft(topic, data)
	d.Key, d.Request = "the-key", request
	return d
}

func reusedKey(t *testCase) {
	log := t.open(eventlog.Retention{})
	first := t.publish(log, asked("a", "1", "one"))
	t.publish(log, draft("a", "between"))
	t.reused(log, first)
	t.reused(t.peer(log), first)
	t.await(log, "1 between")
	if state := t.state(log); state.Last != 2 {
		t.Errorf("the last number is %d, want 2", state.Last)
	}
}

func reusedKeyRestart(t *testCase) {
	log := t.open(eventlog.Retention{})
	first := t.publish(log, asked("a", "1", "one"))
	log = t.Reopen(t.T, log)
	t.reused(log, first)
	t.await(log, "1")
}

// reused uses the key of an event that was stored on topic a for request one.
func (t *testCase) reused(log eventlog.Log, first event.ID) {
	t.Helper()
	never := uint64(1 << 62)
	expecting := func(d event.Draft, last uint64) event.Draft {
		d.ExpectLast = &last
		return d
	}
	for name, d := range map[string]event.Draft{
		"another request":                      asked("a", "2", "two"),
		"another request on another topic":     asked("b", "2", "two"),
		"another, with the topic as expected":  expecting(asked("b", "2", "two"), 0),
		"another, with another topic expected": expecting(asked("a", "2", "two"), never),
	} {
		if id, err := log.Append(t.Context(), d); !errors.Is(err, eventlog.ErrKeyReused) {
			t.Errorf("%s: got %v, %v, want %v", name, id, err, eventlog.ErrKeyReused)
		}
	}
	for name, d := range map[string]event.Draft{
		"the same request":                    asked("a", "what a retry holds does not count", "one"),
		"the same, where nothing is expected": expecting(asked("b", "2", "one"), never),
		"a draft that names none":             asked("a", "2", ""),
	} {
		if id, err := log.Append(t.Context(), d); err != nil || id != first {
			t.Errorf("%s: got %v, %v, want %v", name, id, err, first)
		}
	}
}

func concurrentRetries(t *testCase) {
	log := t.open(eventlog.Retention{})
	peer := t.peer(log)
	var got [8]event.ID
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			id, err := []eventlog.Log{log, peer}[i%2].Append(t.Context(), draft("a", "once"))
			if err != nil {
				t.Error(err)
			}
			got[i] = id
		})
	}
	wg.Wait()
	for _, id := range got {
		if id != got[0] {
			t.Errorf("the ids differ: %v", got)
		}
	}
	t.await(log, "once")
}

func keyOutlives(t *testCase) {
	log := t.open(eventlog.Retention{})
	old, now := draft("price", "old"), draft("price", "new")
	old.Latest, now.Latest = true, true
	first := t.publish(log, old)
	t.publish(log, now)
	// A page that repeats a command must not bring an old value back.
	if id := t.publish(log, old); id != first {
		t.Errorf("the retry's id is %s, want %s", id, first)
	}
	t.await(log, "new")
}

func expectations(t *testCase) {
	log := t.open(eventlog.Retention{})
	expecting := func(seq uint64, data string) error {
		d := draft("a", data)
		d.ExpectLast = &seq
		_, err := log.Append(t.Context(), d)
		return err
	}
	steps := []struct {
		name   string
		expect uint64
		data   string
		want   error
	}{
		{"the topic is new and something is expected", 7, "1", eventlog.ErrConflict},
		{"the topic is new", 0, "2", nil},
		{"the topic is not new any more", 0, "3", eventlog.ErrConflict},
		{"the newest of the topic is expected, not of the log", 1, "4", nil},
		{"an older one is expected", 1, "5", eventlog.ErrConflict},
		{"a conflict is not remembered: the same key may win later", 3, "3", nil},
	}
	for _, step := range steps {
		if err := expecting(step.expect, step.data); !errors.Is(err, step.want) {
			t.Errorf("%s: the error is %v, want %v", step.name, err, step.want)
		}
		if step.data == "2" {
			t.publish(log, draft("b", "other"))
		}
	}
	t.await(log, "2 4 3", "a")
	if state := t.state(log); state.Last != 4 {
		t.Errorf("the last number is %d, want 4", state.Last)
	}
}

func race(t *testCase) {
	log := t.open(eventlog.Retention{})
	peer := t.peer(log)
	var won atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			d := draft("a", fmt.Sprint(i))
			d.ExpectLast = new(uint64)
			switch _, err := []eventlog.Log{log, peer}[i%2].Append(t.Context(), d); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, eventlog.ErrConflict):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 || t.state(log).Last != 1 {
		t.Errorf("%d appends won, the last number is %d", won.Load(), t.state(log).Last)
	}
}

func expectedRetry(t *testCase) {
	log := t.open(eventlog.Retention{})
	d := draft("a", "1")
	d.ExpectLast = new(uint64)
	first := t.publish(log, d)
	t.publish(log, draft("a", "2"))
	for _, l := range []eventlog.Log{log, t.peer(log)} {
		if id := t.publish(l, d); id != first {
			t.Errorf("the retry's id is %s, want %s", id, first)
		}
	}
	t.await(log, "1 2")
	if state := t.state(log); state.Last != 2 {
		t.Errorf("the last number is %d, want 2", state.Last)
	}
}
