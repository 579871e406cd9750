package state_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)

// A namedReply has the id of its event.
type namedReply struct {
	state.Stored
	Place int `json:"place"`
}

type otherReply struct{ Place int }

func TestAnswerIsOneObject(t *testing.T) {
	ids := []event.ID{event.NewID("e1", 7, "k"), event.NewID("e1", 8, "k")}
	named := state.Answer[namedReply]{Reply: namedReply{state.Stored{ID: ids[1]}, 3}, Events: ids}
	body, err := json.Marshal(named)
	if want := `{"id":"` + ids[1].String() + `","place":3}`; err != nil || string(body) != want {
		t.Errorf("with the id in the reply it is %s (%v), want %s", body, err, want)
	}
	var read state.Answer[namedReply]
	if err := json.Unmarshal(body, &read); err != nil || read.Reply != named.Reply || len(read.Events) != 1 || read.Events[0] != ids[1] {
		t.Errorf("it is read as %+v (%v)", read, err)
	}
	if err := json.Unmarshal([]byte(`{"id":"","place":1}`), &read); err != nil || len(read.Events) != 0 {
		t.Errorf("without an event it is read as %+v (%v)", read, err)
	}
	body, err = json.Marshal(state.Answer[otherReply]{Reply: otherReply{3}, Events: ids[:1]})
	if want := `{"Place":3,"events":["` + ids[0].String() + `"]}`; err != nil || string(body) != want {
		t.Errorf("another is %s (%v), want %s", body, err, want)
	}
}

// A checkedRequest is refused when it is wrong by itself.
type checkedRequest struct{ Wrong bool }

func (checkedRequest) StateKey() string { return "a" }

var errWrong = fault.New(fault.Invalid, "it is wrong")

func (r checkedRequest) Check() error {
	if r.Wrong {
		return errWrong
	}
	return nil
}

func TestCheckedRequestIsRefusedBeforeAnyDecision(t *testing.T) {
	kind := state.Define[struct{ N int }]("state.checked")
	decided := 0
	m := state.Mutate(kind, "state.check", func(*state.Call, struct{ N int }, checkedRequest) (otherReply, error) {
		decided++
		return otherReply{}, nil
	})
	call := state.NewCall("state.checked.a", "ann", "k", time.Unix(1e9, 0))
	if _, err := m.Decide(call, kind.New(), checkedRequest{Wrong: true}); !errors.Is(err, errWrong) || decided != 0 {
		t.Errorf("%v, decided %d times", err, decided)
	}
	if _, err := m.Decide(call, kind.New(), checkedRequest{}); err != nil || decided != 1 {
		t.Errorf("%v, decided %d times", err, decided)
	}
}
