package jetstream

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
)

// The error codes of JetStream that matter here (nats-server's errors.json).
const (
	codeAccountLimit         jetstream.ErrorCode = 10002
	codeNoPeers              jetstream.ErrorCode = 10005
	codeInsufficient         jetstream.ErrorCode = 10023
	codeMemoryLimit          jetstream.ErrorCode = 10028
	codeNotEnabledForAccount jetstream.ErrorCode = 10039
	codeStorageLimit         jetstream.ErrorCode = 10047
	codeInvalidConfig        jetstream.ErrorCode = 10052
	codeMessageTooLarge      jetstream.ErrorCode = 10054
	codeWrongLastSequence    jetstream.ErrorCode = 10071
	codeNoReplicas           jetstream.ErrorCode = 10074
	codeNotEnabled           jetstream.ErrorCode = 10076
	codeStoreFailed          jetstream.ErrorCode = 10077
	codeHeaderTooLarge       jetstream.ErrorCode = 10097
	codeRollupFailed         jetstream.ErrorCode = 10111
	codeBatchesDisabled      jetstream.ErrorCode = 10174
	codeBatchIncomplete      jetstream.ErrorCode = 10176
	codeBatchTooLarge        jetstream.ErrorCode = 10199
	codeBatchOfKnownKey      jetstream.ErrorCode = 10201
)

// A pubAck is the stream's acknowledgement of a publish.
type pubAck struct {
	Seq       uint64              `json:"seq"`
	Duplicate bool                `json:"duplicate"` // it was stored before, under the same key
	Count     int                 `json:"count"`     // of a batch, whose last number is Seq
	Error     *jetstream.APIError `json:"error"`
}

// err returns nil, one of the contract's errors, or an [undecided].
func (a pubAck) err() error {
	switch {
	case a.Error == nil && a.Seq > 0:
		return nil
	case a.Error == nil:
		return &undecided{reason: errors.New("an acknowledgement without a number")}
	}
	if a.Error.ErrorCode == codeStoreFailed && strings.HasPrefix(a.Error.Description, "maximum ") {
		return eventlog.ErrHeld // of messages or bytes: only a log that is held refuses for that
	}
	switch a.Error.ErrorCode {
	case codeWrongLastSequence:
		return eventlog.ErrConflict
	case codeMessageTooLarge, codeHeaderTooLarge:
		return eventlog.ErrTooLarge
	case codeInsufficient, codeStoreFailed, codeStorageLimit, codeMemoryLimit, codeAccountLimit:
		return fmt.Errorf("%w: %s", eventlog.ErrFull, a.Error.Description)
	case codeRollupFailed:
		return errUnknownKey
	case codeBatchOfKnownKey:
		return errKnownKey
	case codeBatchesDisabled, codeBatchTooLarge:
		return fmt.Errorf("%w: %s", eventlog.ErrNoBatches, a.Error.Description)
	}
	// Among them 10158 and 10164: another publish under this key, or on this
	// topic, is under way in the cluster, and its outcome decides.
	return &undecided{reason: a.Error, uncollected: a.Error.ErrorCode == codeBatchIncomplete}
}

// An undecided is the error of a try after which the event may be stored or
// not.
type undecided struct {
	reason error
	// begun is true if the message may be stored, or a part of a batch, of which its
	// server stores the rest when it starts again: it is unknown whether that stays.
	begun bool
	// uncollected is true if a batch did not come whole, was refused before its last
	// message, or found no room on the disk. None of it is stored.
	uncollected bool
}

// Error returns the reason.
func (u *undecided) Error() string { return u.reason.Error() }
