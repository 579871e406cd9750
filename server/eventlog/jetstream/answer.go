package jetstream

import (
	"errors"
	"fmt"

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
)

// An answer is what the stream says to a publish.
type answer struct {
	Seq       uint64              `json:"seq"`
	Duplicate bool                `json:"duplicate"` // it was stored before, under the same key
	Error     *jetstream.APIError `json:"error"`
}

// verdict returns nil, one of the contract's errors, or an undecided one.
func (a answer) verdict() error {
	switch {
	case a.Error == nil && a.Seq > 0:
		return nil
	case a.Error == nil:
		return &undecided{errors.New("an acknowledgement without a number")}
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
	}
	// Among them 10158 and 10164: another publish under this key, or on this
	// topic, is on its way through the cluster, and what comes of it decides.
	return &undecided{a.Error}
}

// undecided is an outcome of a try after which the event may be stored or not.
type undecided struct{ reason error }

// Error returns the reason.
func (u *undecided) Error() string { return u.reason.Error() }
