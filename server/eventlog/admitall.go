package eventlog

import (
	"errors"
	"fmt"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

const (
	// MaxBatch is how many drafts are stored as one at most.
	MaxBatch = 100
	// maxBatchSize bounds the sizes of all of them together, if one event may not be
	// larger: servers have all of them in memory at once.
	maxBatchSize = 8 << 20
)

var (
	// ErrBatch: the drafts cannot be stored as one, whatever the log. Nothing was
	// stored.
	ErrBatch = errors.New("the events cannot be stored as one")
	// ErrNoBatches: the log stores one event at a time: its server is too old, or may
	// not be told to store several as one. Nothing was stored.
	ErrNoBatches = fault.New(fault.Internal, "the log cannot store several events as one")
)

// AdmitAll validates drafts: it is the first step of every log's AppendAll. It returns
// them with their keys, that of [event.PartKey] for all but the first, or [ErrBatch]
// with the reason, [ErrTooLarge], or the error of [event.Draft.Check].
func AdmitAll(drafts []event.Draft, r Retention) ([]event.Draft, error) {
	if len(drafts) == 0 || len(drafts) > MaxBatch {
		return nil, fmt.Errorf("%w: there are %d, and 1 to %d can be", ErrBatch, len(drafts), MaxBatch)
	}
	admitted, size := make([]event.Draft, len(drafts)), 0
	for k, d := range drafts {
		if k > 0 {
			if err := checkPart(drafts[0], d); err != nil {
				return nil, err
			}
			d.Key = event.PartKey(admitted[0].Key, k)
		}
		var err error
		if admitted[k], err = Admit(d, r); err != nil {
			return nil, err
		}
		size += Size(d)
	}
	if size > max(maxBatchSize, r.WithDefaults().MaxEvent) {
		return nil, ErrTooLarge
	}
	if len(drafts) > 1 && drafts[0].Latest {
		return nil, errLatestPart
	}
	return admitted, nil
}

var errLatestPart = fmt.Errorf("%w: one of them would replace the others", ErrBatch)

// checkPart reports whether a draft can be stored as one with a first draft, to which
// what is said of all of them belongs.
func checkPart(first, d event.Draft) error {
	switch {
	case d.Topic != first.Topic:
		return fmt.Errorf("%w: they are of the topics %.160q and %.160q", ErrBatch, first.Topic, d.Topic)
	case d.Key != "" || d.Request != "" || d.ExpectLast != nil:
		return fmt.Errorf("%w: only the first may have a Key, a Request and an ExpectLast, which hold for all", ErrBatch)
	case d.Latest:
		return errLatestPart
	}
	return nil
}
