package embedded

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// At a start without an index the server replaces blocks that never held anything. The
// links of those are there for a second.
func TestServerIsStartedAgainAndAgain(t *testing.T) {
	log := openLog(t, Options{Dir: t.TempDir(), healthEvery: time.Hour})
	for range 5 {
		log.setUnhealthy(errNoRoom)
		log.restart(t.Context())
		if err := log.Health(); err != nil {
			t.Fatal(err)
		}
	}
	storeBoth(t, log)
}

// A crash may come before or after the record has the new block, and on a full disk there
// is no record.
func TestEmptyBlockThatWasReplacedIsNotMissing(t *testing.T) {
	const old, new = valuesName + "/1.blk", valuesName + "/2.blk"
	for name, crashed := range map[string]func(dir string) func(*record){
		"the old one is recorded": func(string) func(*record) {
			return func(r *record) { delete(r.Blocks, new); r.Blocks[old] = 0 }
		},
		"the new one is recorded": func(string) func(*record) { return func(r *record) {} },
		"none is recorded":        func(dir string) func(*record) { must(t, os.Remove(filepath.Join(dir, recordName))); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			openLog(t, Options{Dir: dir}).Close()
			crash(t, dir)
			openLog(t, Options{Dir: dir}).Close()
			crash(t, dir)
			if _, err := os.Stat(filepath.Join(filepath.Dir(streamDir(dir)), valuesName, "msgs", "2.blk")); err != nil {
				t.Fatalf("the test is of no use: %v", err)
			}
			link := filepath.Join(dir, linksName, filepath.FromSlash(old))
			must(t, errors.Join(os.MkdirAll(filepath.Dir(link), 0o700), os.WriteFile(link, nil, 0o600)))
			if do := crashed(dir); do != nil {
				change(t, dir, do)
			}
			log := openLog(t, Options{Dir: dir})
			storeBoth(t, log)
			log.Close()
			storeBoth(t, openLog(t, Options{Dir: dir}))
		})
	}
}

// storeBoth stores an event and a value.
func storeBoth(t *testing.T, log *Log) {
	t.Helper()
	position := publish(t, log, nil)
	prev := event.ID{}
	if v, err := log.Get(t.Context(), "a"); err == nil {
		prev = v.Position
	}
	if err := log.Put(t.Context(), eventlog.Value{Name: "a", Position: position, Data: []byte("b")}, prev); err != nil {
		t.Error(err)
	}
}

// Who waited for a sync may run again only after the server was started again.
func TestFailedSyncOfAServerThatWasStoppedDoesNotCount(t *testing.T) {
	log := openLog(t, Options{Dir: t.TempDir(), healthEvery: time.Hour})
	old, failed := log.commits.Load(), errors.New("failed")
	log.restart(t.Context())
	log.syncFailed(old, failed)
	if err := log.Health(); err != nil {
		t.Error(err)
	}
	log.syncFailed(log.commits.Load(), failed)
	if err := log.Health(); !errors.Is(err, eventlog.ErrFull) {
		t.Errorf("after a failed sync the health is %v", err)
	}
}
