// Package wire defines what a stream says besides events: the control frames
// that tell a page where it stands. Both halves are compiled with it.
//
// A stream is a sequence of Server-Sent Events (HTML Standard, section 9.2). It
// begins with one hello. Beats fill its silences. Every frame with an id may be
// resumed from: a client that reconnects with the last id it saw, in the
// Last-Event-ID header or in the after parameter, misses nothing and sees
// nothing twice, or is told by a reset to rebuild what it shows.
//
// The package is words and no behaviour: package sse says when a server sends
// each frame, and package source what a page does about it. Fields are added to
// them and not taken away or renamed, since pages of older builds read them.
package wire

import (
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// The event: fields of the control frames. No event type can have these names.
const (
	HelloName = "hello"
	BeatName  = "beat"
	ResetName = "reset"
	ByeName   = "bye"
	FaultName = "fault"
)

// Names lists the control frames, for a client that must listen by name.
var Names = []string{HelloName, BeatName, ResetName, ByeName, FaultName}

// ReplyName is the event: field of a frame that answers a [Command]. It is part
// of a socket's conversation and not of the stream, so it is not in [Names]. No
// event type can have this name either.
const ReplyName = "reply"

// The query parameters of a stream.
const (
	TopicParam  = "topic"  // repeated: the topics to follow, at least one
	AfterParam  = "after"  // the id to resume after; Last-Event-ID wins
	LastParam   = "last"   // on a fresh connect: how many retained events to send first
	SchemaParam = "schema" // the page's schema fingerprint
	WaitParam   = "wait"   // of a poll: how many milliseconds the answer may wait for an event
)

// A Mode says how a stream begins.
type Mode string

// The modes of a stream.
const (
	Live    Mode = "live"    // nothing to resume: a fresh start
	Resumed Mode = "resumed" // continues right after the position asked for
	Reset   Mode = "reset"   // that position is gone: a reset frame follows
)

// Hello is the data of the first frame. Its id is the position the stream
// starts from, absent in mode reset, where the reset frame brings it.
type Hello struct {
	Epoch  string            `json:"epoch"`    // the log's birth
	Head   event.ID          `json:"head"`     // the newest event on this node
	Mode   Mode              `json:"mode"`     // how the stream begins
	Beat   int               `json:"beat_ms"`  // the longest silence, in milliseconds
	Retry  int               `json:"retry_ms"` // how long to wait before reconnecting
	Schema map[string]string `json:"schema"`   // the server's fingerprint of each event type
	Build  string            `json:"build"`    // the server's version
	Time   time.Time         `json:"time"`     // the server's clock

	// Accepts has the fingerprints of older versions of its types that the
	// server knows to get along with the present ones; see event.Accepts.
	Accepts map[string][]string `json:"accepts,omitempty"`
}

// A beat's data is the bare id of the newest event, and its id the same: by a
// beat the stream says that nothing up to there has been held back.

// ResetInfo is the data of a reset frame. What the page knew is void; the
// retained window of its topics follows, as on a fresh start.
type ResetInfo struct {
	Reason Reason `json:"reason"`
}

// A Reason says why a position cannot be resumed from.
type Reason string

// The reasons for a reset.
const (
	Purged      Reason = "purged"  // events after it have been removed
	OtherEpoch  Reason = "epoch"   // it is of another log
	OtherEvent  Reason = "tag"     // the number was given to another event
	OtherPast   Reason = "past"    // the log has lost what it names, as one does whose older copy was restored
	AheadOfNode Reason = "ahead"   // this node has not seen it, even after a wait
	Replaced    Reason = "replace" // the log was replaced while the stream ran
	Malformed   Reason = "id"      // it is not an id
)

// Fault is the data of the only frame of a stream that the server refuses. If
// Error.Retry is set the client may come back, after the hint or later;
// otherwise the same request will be refused again.
type Fault struct {
	fault.Error
	Wait int `json:"retry_ms"`
}

// Bye is the data of the last frame of a stream that the server ends on
// purpose. The client reconnects after the hint, or later.
type Bye struct {
	Retry  int    `json:"retry_ms"`
	Reason string `json:"reason"`
}
