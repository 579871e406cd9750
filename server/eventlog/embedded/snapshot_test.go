package embedded

import (
	"bytes"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// half takes the first half of a snapshot, after which more may be stored.
func half(t *testing.T, dir string) *snapshot {
	t.Helper()
	s := &snapshot{files: files{dir}}
	must(t, errors.Join(s.open(streamName), s.open(valuesName), s.measure(valuesName)))
	t.Cleanup(s.close)
	return s
}

// Events that are stored and values that are put while a snapshot is taken do no harm.
// A trim does: the events would be without what the older values need.
func TestSnapshotIsTakenAgainAfterATrim(t *testing.T) {
	dir := t.TempDir()
	log := openLog(t, Options{Dir: dir, Retention: eventlog.Retention{MaxEvents: 10}})
	at, err := begin(t.Context(), log)
	must(t, err)
	v := eventlog.Value{Name: "state", Position: at, Holds: true}
	must(t, log.Put(t.Context(), v, event.ID{}))
	ids := fill(t, log, 20)

	s := half(t, dir)
	fill(t, log, 3)
	other := eventlog.Value{Name: "other", Position: ids[3]}
	must(t, log.Put(t.Context(), other, event.ID{}))
	if err := errors.Join(s.openNewer(), s.measure(streamName), s.checkTrims()); err != nil {
		t.Errorf("after events and a value: %v", err)
	}

	s = half(t, dir)
	v.Position = ids[19]
	must(t, log.Put(t.Context(), v, at))
	for again := time.NewTicker(time.Millisecond); state(t, log).First == 1; {
		<-again.C
	}
	if err := errors.Join(s.openNewer(), s.measure(streamName), s.checkTrims()); !errors.Is(err, errChanged) {
		t.Errorf("after a trim: %v", err)
	}
}

// The last block of the events may be replaced by a shorter one, and blocks may be
// filled and emptied: what came meanwhile would be missing.
func TestSnapshotIsTakenAgainAfterFilesWereReplaced(t *testing.T) {
	dir, _ := filled(t)
	s := half(t, dir)
	if err := s.openNewer(); err != nil || len(s.of(streamName)) != 3 {
		t.Fatalf("of three blocks it has %d (%v)", len(s.of(streamName)), err)
	}
	s = half(t, dir)
	data, err := os.ReadFile(blockFile(dir, "3.blk"))
	must(t, err)
	must(t, os.WriteFile(blockFile(dir, "4.blk"), data, 0o600))
	if err := s.openNewer(); err != nil || len(s.of(streamName)) != 4 {
		t.Errorf("of one block more it has %d (%v)", len(s.of(streamName)), err)
	}
	s = half(t, dir)
	must(t, os.Rename(blockFile(dir, "4.blk"), blockFile(dir, "6.blk")))
	if err := s.openNewer(); !errors.Is(err, errChanged) {
		t.Errorf("with a hole: %v", err)
	}
	must(t, os.Remove(blockFile(dir, "6.blk")))
	s = half(t, dir)
	must(t, os.WriteFile(blockFile(dir, "new"), data, 0o600))
	must(t, os.Rename(blockFile(dir, "new"), blockFile(dir, "3.blk")))
	if err := s.openNewer(); !errors.Is(err, errChanged) {
		t.Errorf("with another file: %v", err)
	}
}

// A block that is there under its second name only is a part of the copy.
func TestSnapshotHasABlockThatLostItsName(t *testing.T) {
	dir := t.TempDir()
	log := openLog(t, Options{Dir: dir, Sync: MinutesLostAtPowerCut, Retention: eventlog.Retention{MaxBytes: 120_000}})
	for range 90 {
		publish(t, log, bytes.Repeat([]byte("x"), 800))
	}
	must(t, log.links.update())
	must(t, os.Remove(blockFile(dir, "1.blk")))
	v, err := Verify(t.Context(), dir)
	if err != nil || len(v.Damages) > 0 || v.Last != 90 {
		t.Errorf("it finds %+v (%v)", v, err)
	}
}

// A log that is opened again while it is read may have written over the end of a block.
func TestSnapshotOfALogThatWasOpenedAgainIsNone(t *testing.T) {
	dir, _ := filled(t)
	s, err := takeSnapshot(t.Context(), dir)
	must(t, err)
	defer s.close()
	log := openLog(t, Options{Dir: dir})
	publish(t, log, nil)
	if _, err := s.verify(func(*pin, []byte) error { return nil }); !errors.Is(err, errRestarted) {
		t.Errorf("the error is %v", err)
	}
}
