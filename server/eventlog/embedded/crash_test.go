package embedded

import (
	"errors"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

func TestAcknowledgedEventsSurviveKill9(t *testing.T) {
	dir := t.TempDir()
	acked := map[event.ID]string{}
	for range 3 {
		c := startChild(t, publisherRole, dir)
		maps.Copy(acked, c.acks(t, 200))
		if err := c.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		maps.Copy(acked, c.acks(t, math.MaxInt))
		c.cmd.Wait()

		log := openLog(t, Options{Dir: dir})
		stored := map[event.ID]string{}
		for _, e := range readAll(t, log) {
			stored[e.ID()] = string(e.Data())
		}
		for id, key := range acked {
			if stored[id] != key || event.NewID(id.Epoch(), id.Seq(), key).In(id.Generation()) != id {
				t.Errorf("the event acknowledged as %s under %s is %q", id, key, stored[id])
			}
		}
		log.Close()
	}
	if len(acked) < 600 {
		t.Errorf("only %d events were acknowledged", len(acked))
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	c := startChild(t, holderRole, dir)
	if !c.lines.Scan() || c.lines.Text() != "open" {
		t.Fatalf("the child says %q", c.lines.Text())
	}
	_, err := Open(t.Context(), Options{Dir: dir})
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), strconv.Itoa(c.cmd.Process.Pid)) {
		t.Errorf("the second process gets %v", err)
	}
	c.stdin.Close()
	c.cmd.Wait()
	openLog(t, Options{Dir: dir})
	if _, err := Open(t.Context(), Options{Dir: dir}); !errors.Is(err, ErrLocked) {
		t.Errorf("a second log of one process gets %v", err)
	}
}

func TestEventsAndIDsSurviveALostConfiguration(t *testing.T) {
	for _, damage := range []struct {
		name string
		to   func(path string) error
	}{
		{"empty", func(path string) error { return os.Truncate(path, 0) }},
		{"gone", os.Remove},
		{"garbled", func(path string) error { return os.WriteFile(path, []byte("{garbled"), 0o600) }},
	} {
		t.Run(damage.name, func(t *testing.T) {
			dir := t.TempDir()
			log := openLog(t, Options{Dir: dir})
			want := fill(t, log, 50)
			log.Close()
			if err := damage.to(filepath.Join(streamDir(dir), "meta.inf")); err != nil {
				t.Fatal(err)
			}
			log = openLog(t, Options{Dir: dir})
			got := readAll(t, log)
			for i, e := range got {
				if e.ID() != want[i] {
					t.Errorf("event %d is now %s, was %s", i, e.ID(), want[i])
				}
			}
			if len(got) != len(want) {
				t.Errorf("%d events of %d are there", len(got), len(want))
			}
		})
	}
}

func TestNumberGivenTwiceMakesAnotherID(t *testing.T) {
	dir := t.TempDir()
	log := openLog(t, Options{Dir: dir})
	before := fill(t, log, 50)
	log.Close()
	cutLastBlock(t, dir, 1010)
	crash(t, dir)

	log = openLog(t, Options{Dir: dir})
	left := readAll(t, log)
	if len(left) == 0 || len(left) >= len(before) {
		t.Fatalf("the damage left %d events of %d", len(left), len(before))
	}
	lost := before[len(left)]
	id := publish(t, log, nil)
	if id.Seq() != lost.Seq() || id.Epoch() != lost.Epoch() {
		t.Fatalf("the test is of no use: %s does not take the number of %s", id, lost)
	}
	if id == lost {
		t.Errorf("%s names a lost event and its successor", id)
	}
}

// cutLastBlock does what a power cut can do without SyncAlways: it takes the
// last bytes and the index away.
func cutLastBlock(t *testing.T, dir string, bytes int64) {
	t.Helper()
	blocks, err := filepath.Glob(filepath.Join(streamDir(dir), "msgs", "*.blk"))
	if err != nil || len(blocks) != 1 {
		t.Fatalf("the blocks are %v (%v)", blocks, err)
	}
	info, err := os.Stat(blocks[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Truncate(blocks[0], info.Size()-bytes), os.Remove(filepath.Join(streamDir(dir), "msgs", "index.db"))); err != nil {
		t.Fatal(err)
	}
}

// crash makes of a log that was closed one that was not, and whose end had not
// been noted yet.
func crash(t *testing.T, dir string) {
	change(t, dir, func(r *record) { r.Closed, r.Last, r.Values = false, 0, 0 })
}

// crashNoted makes of it one that was not, some seconds after its last event.
func crashNoted(t *testing.T, dir string) { change(t, dir, func(r *record) { r.Closed = false }) }

func change(t *testing.T, dir string, do func(*record)) {
	t.Helper()
	r, err := readRecord(dir)
	if err != nil {
		t.Fatal(err)
	}
	if do(r); r.write(dir) != nil {
		t.Fatal("the record cannot be written")
	}
}

func streamDir(dir string) string { return filepath.Join(dir, "jetstream", "$G", "streams", "SEAWAY") }

func fill(t *testing.T, log eventlog.Log, n int) (ids []event.ID) {
	t.Helper()
	for i := range n {
		ids = append(ids, publish(t, log, []byte(strconv.Itoa(i))))
	}
	return ids
}

func publish(t *testing.T, log eventlog.Log, data []byte) event.ID {
	t.Helper()
	id, err := log.Append(t.Context(), event.Draft{Topic: "a", Type: "test", Data: data})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func readAll(t *testing.T, log eventlog.Log) (all []event.Event) {
	t.Helper()
	for from := uint64(0); ; {
		page, err := log.Read(t.Context(), from, 1000)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Events...)
		if from = page.Next; page.Head {
			return all
		}
	}
}
