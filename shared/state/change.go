package state

import (
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)

// A Change is a mutation that a page has asked for and whose events its state does not
// have yet. See package app/live.
type Change struct {
	Key     string    // the idempotency key of its call
	At      time.Time // when the page asked for it
	Request any       // of the mutation's type

	err     error
	failed  bool
	sent    bool       // its call is under way, or answered
	arrived bool       // what it would publish has come, before the answer
	stored  []event.ID // the answer
	done    func(reply any, err error)
}

// Err returns why the change has failed: the server's refusal, or that there was no
// answer. It is nil while the change is pending. [fault.Message] has a text for it.
func (c *Change) Err() error { return c.err }

// A ChangeHost is the page that shows a state with changes: package app/live is one.
// Its methods are called on the page's goroutine.
type ChangeHost interface {
	Topic() string
	Identity() string                  // of the page's user
	Position() event.ID                // the state includes the topic's events up to it
	Includes(id event.ID) bool         // whether the state includes an event
	RunAsync(do func() (then func()))  // runs do on a goroutine of its own, and then on the page's
	CallOptions() []command.CallOption // of the calls
	Ready() bool                       // whether RunAsync works yet
	Keep(changes any) error            // stores them in the browser, for the tab's next page
	Recall(changes any) error          // reads what was stored
	Report(v ...any)                   // to the browser's console
	Changed()                          // what the page shows has changed
}

// Changes are the changes of one state on a page, in the order in which they were asked
// for. Package app/live makes them by [Kind.Changes].
type Changes[S any] interface {
	Queue
	// Guess returns the state with the pending changes, and now itself without any.
	Guess(now *S) S
	// Propose adds a change and sends it when it is its turn.
	Propose(now *S, c *Change, i Intent[S], done func(reply any, err error))
}

// A Queue is the part of [Changes] that does not depend on the state's type.
type Queue interface {
	Pending() []*Change
	Failed() []*Change
	Retry(c *Change)
	Discard(c *Change)
	SendNext()             // sends the first that was not sent, if no other is under way
	Restore()              // reads those of the tab's last page
	Inherit()              // reads those that have come to this tab since
	Confirm(e event.Event) // an event is in the state
	Settle()               // the state was read anew
	Abandon()              // the changes were another user's
}

// Changes returns the changes of a state on a page; nil if the kind has no mutation.
func (k Kind[S]) Changes(host ChangeHost) Changes[S] {
	if k.def == nil || k.def.changes == nil {
		return nil
	}
	return k.def.changes(host)
}
