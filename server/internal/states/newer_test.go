package states_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)

// value returns a value of a log, decoded if into is not nil.
func value(t *testing.T, log eventlog.Log, name string, into any) eventlog.Value {
	t.Helper()
	v, err := log.Get(t.Context(), name)
	if err == nil && into != nil {
		err = json.Unmarshal(v.Data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// replaceValue stores a value in place of the one that is there.
func replaceValue(t *testing.T, log eventlog.Log, v eventlog.Value, data []byte) {
	t.Helper()
	v.Data = data
	if err := log.Put(t.Context(), v, v.Position); err != nil {
		t.Fatal(err)
	}
}

// supersede does what a node of release2 does beside one of release1: it writes itself and
// its type into the record, and the checkpoint of a topic anew.
func supersede(t *testing.T, log eventlog.Log, key string) {
	t.Helper()
	other := small()
	_, stop := keep(t, other, release2)
	if _, err := added.Publish(t.Context(), other, release2.Topic(key), "a"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Minute)
	stop()
	var old, successor struct {
		Node  string            `json:"node"`
		Types map[string]string `json:"types"`
	}
	record := value(t, log, "kind.first", &old)
	value(t, other, "kind.second", &successor)
	for print, description := range successor.Types {
		old.Types[print] = description
	}
	old.Node = successor.Node
	data, err := json.Marshal(old)
	if err != nil {
		t.Fatal(err)
	}
	replaceValue(t, log, record, data)
	replaceValue(t, log, value(t, log, "state.first."+key, nil), value(t, other, "state.second."+key, nil).Data)
}

// A node of the older release goes on with what it has in memory, and asks callers to try
// again for the rest. It writes nothing, and its memory does not grow.
func TestNodeBesideANewerReleaseAsksToTryAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, warned := small(), &strings.Builder{}
		s, err := states.Open(t.Context(), log, release1, states.Options{Memory: 1200, Logger: slog.New(slog.NewTextHandler(warned, nil))})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		publish := func(key string) {
			if _, err := added.Publish(t.Context(), log, release1.Topic(key), "a"); err != nil {
				t.Fatal(err)
			}
		}
		publish("red")
		for i := range 9 { // red leaves the memory
			publish(fmt.Sprint(i))
			time.Sleep(time.Minute)
		}
		supersede(t, log, "red")

		for range 100 {
			publish("red")
			publish("8")
		}
		synctest.Wait()
		if old, _, err := s.Get(t.Context(), "8"); err != nil || len(old.Names) != 101 {
			t.Errorf("a state in memory is %v (%v)", old, err)
		}
		_, _, err = s.Get(t.Context(), "red")
		if e, meant := fault.From(err); !meant || e.Code != fault.Unavailable || !e.Retry {
			t.Errorf("a state of the newer release is refused with %v", err)
		}
		_, err = s.Mutate(t.Context(), states.Change[oldSheet]{
			Key: "red", CallKey: "k", Once: func(*event.Draft) {}, Decide: func(*state.Call, oldSheet) error { return nil },
		})
		if e, meant := fault.From(err); !meant || e.Code != fault.Unavailable || !e.Retry {
			t.Errorf("a mutation of it is refused with %v", err)
		}
		before := value(t, log, "state.first.red", nil)
		time.Sleep(10 * time.Minute)
		stop()
		<-ended
		if after := value(t, log, "state.first.red", nil); after.Position != before.Position || string(after.Data) != string(before.Data) {
			t.Error("the older release has written a checkpoint of the newer one's")
		}
		if n := strings.Count(warned.String(), "a newer release"); n == 0 || strings.Count(warned.String(), "has begun to write checkpoints") != 1 {
			t.Errorf("it was logged:\n%s", warned)
		}
		if st := s.Stats(); st.Failed > 1 || st.Writer || st.Changed != 1 { // that of 8, for which no node of the newer release runs here
			t.Errorf("%+v", st)
		}
	})
}
