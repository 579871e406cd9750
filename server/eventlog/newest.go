package eventlog

import "context"

// Newest returns a number that no event acknowledged before the call exceeds,
// whichever node it was appended on. It asks the log for its [State], unless the log
// is an [Acknowledger] that knows: a few nanoseconds instead of 0.2 ms.
func Newest(ctx context.Context, log Log) (seq uint64, err error) {
	if a, ok := log.(Acknowledger); ok {
		if seq, known := a.Acknowledged(); known {
			return seq, nil
		}
	}
	state, err := log.State(ctx)
	return state.Last, err
}

// An Acknowledger is a log that no other process appends to, so that it knows what
// it has acknowledged without asking its store.
type Acknowledger interface {
	// Acknowledged returns the highest number that has been acknowledged, or false if
	// State must be asked, as after a start.
	Acknowledged() (seq uint64, known bool)
}
