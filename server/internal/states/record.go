package states

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// ErrIncomplete says that the log had removed events, perhaps of a kind's topics,
// before the kind was first kept.
var ErrIncomplete = errors.New("the log has removed events already, and states without them would be incomplete: define the kind with state.FromRetained to begin with what is left")

// A record says how far the checkpoints of a kind reach.
type record struct {
	position event.ID // each checkpoint includes all events of its topic up to it
	content  recordContent
}

type recordContent struct {
	// Node has written it, and goes on to write checkpoints.
	Node string `json:"node"`
	// Types are the descriptions of all types of which there may be checkpoints, by
	// their fingerprints.
	Types map[string]string `json:"types"`
}

func (s *States[S]) recordName() string { return recordPrefix + s.kind.Name() }

// readRecord reads the kind's record, or begins it, and makes this node the one that
// writes it.
func (s *States[S]) readRecord(ctx context.Context) error {
	st, err := s.log.State(ctx)
	if err != nil {
		return err
	}
	r, err := s.fetchRecord(ctx)
	if errors.Is(err, eventlog.ErrNoValue) {
		return s.beginRecord(ctx, st)
	}
	if err == nil {
		err = s.reads(r)
	}
	if err == nil {
		_, err = covered(st, r.position)
	}
	if err != nil {
		return err
	}
	return s.writeRecord(ctx, r, r.position)
}

func (s *States[S]) fetchRecord(ctx context.Context) (*record, error) {
	v, err := s.log.Get(ctx, s.recordName())
	if err != nil {
		return nil, err
	}
	r := &record{position: v.Position}
	if err := json.Unmarshal(v.Data, &r.content); err != nil {
		return nil, fmt.Errorf("its record %q cannot be decoded: %w", v.Name, err)
	}
	return r, nil
}

// reads reports whether this program can read all checkpoints that there may be. One
// that cannot must not write any: it would leave out what it does not know.
func (s *States[S]) reads(r *record) error {
	for _, description := range slices.Sorted(maps.Values(r.content.Types)) {
		if err := s.kind.Reads(description); err != nil {
			return err
		}
	}
	return nil
}

// beginRecord writes the first record of the kind, from which on retention waits for
// checkpoints.
func (s *States[S]) beginRecord(ctx context.Context, st eventlog.State) error {
	if st.First > 1 && !s.kind.FromRetained() {
		return ErrIncomplete
	}
	if err := s.leftovers(ctx); err != nil {
		return err
	}
	first := &record{position: st.Position(max(st.First, 1) - 1)}
	err := s.writeRecord(ctx, first, event.ID{})
	if errors.Is(err, eventlog.ErrGap) {
		return eventlog.ErrConflict // it has just removed some: look again
	}
	return err
}

// writeRecord stores what r is to become, with this node and its type in it, in place
// of the record at prev. If another node was faster, it is an [eventlog.ErrConflict].
func (s *States[S]) writeRecord(ctx context.Context, r *record, prev event.ID) error {
	r.content.Node = s.node
	types := maps.Clone(r.content.Types)
	if types == nil {
		types = map[string]string{}
	}
	types[s.kind.Fingerprint()] = s.kind.Description()
	r.content.Types = types
	data, err := json.Marshal(r.content)
	if err != nil {
		return err
	}
	err = s.log.Put(ctx, eventlog.Value{Name: s.recordName(), Position: r.position, Data: data, Holds: true}, prev)
	if err == nil {
		s.note(r)
	}
	return err
}

// note takes what the record has become.
func (s *States[S]) note(r *record) {
	s.record = r
	s.mu.Lock()
	defer s.mu.Unlock()
	s.covered, s.mine = r.position.Seq(), r.content.Node == s.node
	s.arrivals.forget(s.covered)
	maps.Copy(s.types, r.content.Types)
}

// covered returns the number up to which the events of a log are those up to a
// position. It is the position's own, unless the log has lost events and given their
// numbers again: what was included stays so, and what has come since is folded on
// top of it.
func covered(st eventlog.State, p event.ID) (uint64, error) {
	if st.Proves(p) {
		return p.Seq(), nil
	}
	if p.Epoch() == st.Epoch {
		for i, g := range st.Generations {
			if g.Name == p.Generation() && i+1 < len(st.Generations) {
				return min(p.Seq(), st.Generations[i+1].First-1), nil
			}
		}
	}
	return 0, fmt.Errorf("a checkpoint includes events up to %s, which is of another log or of a later copy of this one: restore the log and its values from one backup", p)
}
