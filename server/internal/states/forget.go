package states

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/seawaykit/seaway/server/eventlog"
)

const recordPrefix = "kind."

// Held returns the kinds of which a log has states, and how many events it keeps for
// the next checkpoints of each.
func Held(ctx context.Context, log eventlog.Log) (map[string]uint64, error) {
	names, err := log.Names(ctx, recordPrefix)
	if err != nil {
		return nil, err
	}
	held := map[string]uint64{}
	for _, name := range names {
		v, err := log.Get(ctx, name)
		if errors.Is(err, eventlog.ErrNoValue) {
			continue
		}
		if err != nil {
			return nil, err
		}
		st, err := log.State(ctx)
		if err != nil {
			return nil, err
		}
		held[strings.TrimPrefix(name, recordPrefix)] = st.Last - min(st.Last, max(st.Includes(v), st.First-1))
	}
	return held, nil
}

// Forget deletes the record of a kind, for which the log keeps events, and its
// checkpoints. It returns how many there were, or an [eventlog.ErrNoValue] if the log
// has nothing of the kind. After another error it can be called again.
func Forget(ctx context.Context, log eventlog.Log, kind string) (checkpoints int, err error) {
	found, err := remove(ctx, log, recordPrefix+kind)
	if err != nil {
		return 0, fmt.Errorf("forget the kind %q: %w", kind, err)
	}
	names, err := checkpointsOf(ctx, log, kind)
	if err == nil && !found && len(names) == 0 {
		err = eventlog.ErrNoValue
	}
	for _, name := range names {
		if err == nil {
			_, err = remove(ctx, log, name)
		}
	}
	if err != nil {
		return 0, fmt.Errorf("forget the kind %q: %w", kind, err)
	}
	return len(names), nil
}

// remove deletes the value of a name, and reports whether there was one.
func remove(ctx context.Context, log eventlog.Log, name string) (found bool, err error) {
	for {
		v, err := log.Get(ctx, name)
		if errors.Is(err, eventlog.ErrNoValue) {
			return found, nil
		}
		if err == nil {
			found = true
			err = log.Delete(ctx, name, v.Position)
		}
		if err != nil && !errors.Is(err, eventlog.ErrConflict) {
			return found, err
		}
	}
}

// checkpointsOf returns the names of a kind's checkpoints, without those of kinds
// whose names begin with its own.
func checkpointsOf(ctx context.Context, log eventlog.Log, kind string) (own []string, err error) {
	longer, err := log.Names(ctx, recordPrefix+kind+".")
	if err != nil {
		return nil, err
	}
	names, err := log.Names(ctx, "state."+kind+".")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !belongs(name, longer) {
			own = append(own, name)
		}
	}
	return own, nil
}

// belongs reports whether a checkpoint is of one of the kinds with the records.
func belongs(checkpoint string, records []string) bool {
	for _, record := range records {
		if strings.HasPrefix(checkpoint, "state."+strings.TrimPrefix(record, recordPrefix)+".") {
			return true
		}
	}
	return false
}

// errForgotten ends the states of a kind whose record has been deleted: a state that
// is read from now on could be a smaller one.
func (s *States[S]) errForgotten() error {
	return fmt.Errorf("the states of kind %q: their record is gone: the kind was forgotten, or the log was replaced", s.kind.Name())
}

// leftovers returns an error if there are checkpoints of a kind without a record.
func (s *States[S]) leftovers(ctx context.Context) error {
	names, err := checkpointsOf(ctx, s.log, s.kind.Name())
	if err == nil && len(names) > 0 {
		err = fmt.Errorf("there are %d checkpoints without a record, for example %s: the kind was not forgotten to the end, forget it again", len(names), names[0])
	}
	return err
}
