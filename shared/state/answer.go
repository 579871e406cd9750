package state

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/seawaykit/seaway/shared/event"
)

// An Answer is the answer to the command of a mutation: one JSON object with the fields
// of the reply and, as "events", the ids of the events that were stored, in order. A
// reply that embeds [Stored] is an answer by itself.
type Answer[Rep any] struct {
	Reply  Rep
	Events []event.ID
}

// answerEvents is the part of an Answer that is the kit's.
type answerEvents struct {
	Events []event.ID `json:"events"`
}

// MarshalJSON implements [json.Marshaler].
func (a Answer[Rep]) MarshalJSON() ([]byte, error) {
	reply, err := json.Marshal(a.Reply)
	if err != nil {
		return nil, err
	}
	if _, ok := any(&a.Reply).(storedReply); ok {
		return reply, nil
	}
	if len(reply) == 0 || reply[0] != '{' {
		return nil, fmt.Errorf("the reply of a mutation is not a JSON object: %.20s", reply)
	}
	events, err := json.Marshal(answerEvents{append([]event.ID{}, a.Events...)})
	if err != nil || bytes.Equal(reply, []byte("{}")) {
		return events, err
	}
	return append(append(reply[:len(reply)-1], ','), events[1:]...), nil
}

// JSONParts returns the types whose fields are those of the object: package schema, which
// cannot see what MarshalJSON writes, describes them.
func (Answer[Rep]) JSONParts() []reflect.Type {
	return []reflect.Type{reflect.TypeFor[Rep](), reflect.TypeFor[answerEvents]()}
}

// UnmarshalJSON implements [json.Unmarshaler].
func (a *Answer[Rep]) UnmarshalJSON(data []byte) error {
	var events answerEvents
	if err := json.Unmarshal(data, &events); err != nil {
		return err
	}
	a.Events = events.Events
	if err := json.Unmarshal(data, &a.Reply); err != nil {
		return err
	}
	if s, ok := any(&a.Reply).(storedReply); ok {
		a.Events = s.events()
	}
	return nil
}
