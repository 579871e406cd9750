package ops

import (
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/states"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/fault"
)

// An Overview is what the page for operators shows besides the metrics: a server at one
// moment. All lists are short, however much the server has.
type Overview struct {
	Host, Version string
	Started       time.Time
	Busiest       sse.Busiest
	Places        sse.Places
	Kinds         []Kind
	Retention     *eventlog.Retention // nil if the log does not say
	Refusals      []Refusal           // the latest first
	Limits        []Limit
}

// A Kind is a kind of state that the server keeps.
type Kind struct {
	states.Stats
	Opening bool // its states are not there yet
}

// A Refusal is some requests that were refused alike.
type Refusal struct {
	What        string // the path, without what clients choose, or "a page"
	Code        fault.Code
	Status      int
	Network     string // of the clients, a shortened address; empty if it is not known
	Count       int
	First, Last time.Time
}

// A Limit bounds what clients may do.
type Limit struct{ Name, Value string }
