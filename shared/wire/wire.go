// Package wire defines what page and server exchange apart from events: the control
// frames of a stream, its query parameters, and the messages on a WebSocket. Most
// programs need only its [ResetInfo].
//
//	var hello wire.Hello
//	if frame.Name == wire.HelloName {
//		err = json.Unmarshal(frame.Data, &hello)
//	}
//
// A stream is a sequence of Server-Sent Events (HTML Standard, section 9.2). It
// begins with one hello. A heartbeat comes when it is quiet. Every frame with an
// id is a position: a client that reconnects with the last id it received, in the
// Last-Event-ID header or in the after parameter, misses nothing and receives
// nothing twice, or receives a reset and rebuilds what it shows.
//
// An event's id field holds its id, then its topic and the time at which it was
// stored, as milliseconds since 1970: "id: e1-8-c3d4 room.lobby 1796040000007". A
// browser sends that text back whole; the server reads the id and ignores the rest,
// in the header as in the parameter. The other frames have the id alone.
//
// The package has names and types, and no behaviour: package sse documents when a
// server sends each frame, and package source what a page does with it. Fields are
// added, and never removed or renamed, since pages of older builds read them.
package wire

import (
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// The event: fields of the control frames. No event type can have these names.
const (
	HelloName     = "hello"
	HeartbeatName = "heartbeat"
	ResetName     = "reset"
	ByeName       = "bye"
	FaultName     = "fault"
)

// Names lists the control frames, for a client that must listen by name.
var Names = []string{HelloName, HeartbeatName, ResetName, ByeName, FaultName}

// ReplyName is the event: field of a frame that answers a [Command]. It is part
// of a socket's conversation and not of the stream, so it is not in [Names]. No
// event type can have this name either.
const ReplyName = "reply"

// The query parameters of a stream.
const (
	TopicParam   = "topic"   // repeated: the topics to follow, at least one
	AfterParam   = "after"   // the id to resume after, or the text of an id field; Last-Event-ID wins
	LastParam    = "last"    // on a fresh connect: how many retained events to send first
	SchemaParam  = "schema"  // the page's schema fingerprint
	CatchUpParam = "catchup" // "1": a heartbeat comes as soon as there is no more, for a client that waits for what is retained
	WaitParam    = "wait"    // of a poll: how many milliseconds the answer may wait for an event
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
	Epoch     string            `json:"epoch"`        // the log's birth
	Head      event.ID          `json:"head"`         // the newest event on this node
	Mode      Mode              `json:"mode"`         // how the stream begins
	Heartbeat int               `json:"heartbeat_ms"` // the heartbeat interval, in milliseconds: the longest silence
	Retry     int               `json:"retry_ms"`     // how long to wait before reconnecting
	Schema    map[string]string `json:"schema"`       // the server's fingerprint of each event type
	Build     string            `json:"build"`        // the server's version
	Time      time.Time         `json:"time"`         // the server's clock

	// Accepts has the fingerprints of older versions of its types that the
	// server knows to get along with the present ones; see event.Accepts.
	Accepts map[string][]string `json:"accepts,omitempty"`
}

// A heartbeat's data is the bare id of the newest event, and its id the same: it
// confirms that the client has received everything up to there.

// ResetInfo is the data of a reset frame. The client's state no longer holds: the
// retained window of its topics follows, as on a fresh start.
type ResetInfo struct {
	Reason Reason `json:"reason"`
}

// A Reason says why a stream cannot resume from a position.
type Reason string

// The reasons for a reset.
const (
	Purged      Reason = "purged"  // events after it have been removed
	OtherEpoch  Reason = "epoch"   // the id is of another log
	OtherEvent  Reason = "tag"     // the number was given to another event
	OtherPast   Reason = "past"    // the log does not have that event any more, as after an older copy was restored
	AheadOfNode Reason = "ahead"   // this node does not have it yet, even after a wait
	Replaced    Reason = "replace" // the log was replaced while the stream ran
	Malformed   Reason = "id"      // it is not an id
)

// Fault is the data of the only frame of a stream that the server refuses. If
// Error.Retry is set the client may try again, after the hint or later; otherwise
// the same request will be refused again.
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

// The reasons of a bye.
const (
	Shutdown = "shutdown" // the server is about to end
	Revoked  = "revoked"  // a right was withdrawn: the next request is decided anew
	Expired  = "expired"  // the identity that the stream was opened with has expired
)
