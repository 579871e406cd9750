package state

import (
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// A Call is what the function of a mutation knows besides the state and the request.
// The page's guess and the server's decision get the same Identity and Key.
type Call struct {
	Identity string    // the caller's; empty for an anonymous one
	Key      string    // the idempotency key: a retry has the same. A random one for a call without
	At       time.Time // the page's when it guesses, the server's when it decides

	topic  string
	drafts []event.Draft
	made   int // new ids
	err    error
}

// NewCall returns the call that decides on a state of a topic. Servers and pages make
// one for each try.
func NewCall(topic, identity, key string, at time.Time) *Call {
	return &Call{Identity: identity, Key: key, At: at, topic: topic}
}

// NewID returns the id of a new thing: 32 hexadecimal digits, made of the caller, the
// key and how many were made before, so that page and server make the same. It is
// unlikely to repeat, but a caller who chooses the key can search for one that does: a
// mutation that creates should refuse an id that is there.
func (c *Call) NewID() string {
	h := fnv.New128a()
	for _, part := range []string{c.Identity, c.Key, strconv.Itoa(c.made)} {
		fmt.Fprintf(h, "%d %s", len(part), part)
	}
	c.made++
	return hex.EncodeToString(h.Sum(nil))
}

// Emit adds an event to what the mutation publishes to the state's topic. Its payload
// is encoded at once.
func Emit[T any](c *Call, t event.Type[T], v T) {
	d, err := t.Draft(c.topic, v)
	if err != nil && c.err == nil {
		c.err = err
	}
	c.drafts = append(c.drafts, d)
}

// Drafts returns what was emitted, or why that cannot be published.
func (c *Call) Drafts() ([]event.Draft, error) { return c.drafts, c.err }
