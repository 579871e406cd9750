package embedded

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

func valuesDir(dir string) string {
	return filepath.Join(dir, "jetstream", "$G", "streams", valuesName)
}

// withValues returns a directory with a log that was closed: fifty events, a large
// value at the last of them and a small one after it.
func withValues(t *testing.T) (dir string, want []eventlog.Value) {
	t.Helper()
	dir = t.TempDir()
	log := openLog(t, Options{Dir: dir})
	ids := fill(t, log, 50)
	want = []eventlog.Value{
		{Name: "large", Position: ids[49], Data: bytes.Repeat([]byte("0123456789abcdef"), 20_000), Holds: true},
		{Name: "small", Position: ids[20], Data: []byte("small")},
	}
	for _, v := range want {
		must(t, log.Put(t.Context(), v, event.ID{}))
	}
	must(t, log.Close())
	return dir, want
}

// hasValues fails unless the log has exactly these values.
func hasValues(t *testing.T, log *Log, want []eventlog.Value) {
	t.Helper()
	for _, v := range want {
		got, err := log.Get(t.Context(), v.Name)
		if err != nil {
			t.Fatal(err)
		}
		if got.Position != v.Position || got.Holds != v.Holds || !bytes.Equal(got.Data, v.Data) {
			t.Errorf("value %s is at %s with %d bytes, want %s with %d", v.Name, got.Position, len(got.Data), v.Position, len(v.Data))
		}
	}
	if names, err := log.Names(t.Context(), ""); err != nil || len(names) != len(want) {
		t.Errorf("the names are %v (%v)", names, err)
	}
}

func TestValuesThatAreDamagedRefuseTheStart(t *testing.T) {
	whole, _ := withValues(t)
	for _, d := range []struct {
		name    string
		do      func(t *testing.T, dir string)
		noticed int // at the ends of the log so far down the list
	}{
		{"the stream is gone", func(t *testing.T, dir string) { must(t, os.RemoveAll(valuesDir(dir))) }, len(endings)},
		{"the stream is gone, and the record of the blocks", func(t *testing.T, dir string) {
			must(t, os.RemoveAll(valuesDir(dir)))
			must(t, os.Remove(filepath.Join(dir, recordName)))
		}, len(endings)},
		{"the block is gone", func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(valuesDir(dir), "msgs", "1.blk"))) }, len(endings)},
		{"a byte is another", func(t *testing.T, dir string) { flip(t, filepath.Join(valuesDir(dir), "msgs", "1.blk"), 100_000) }, len(endings)},
		{"the newest value is cut off", func(t *testing.T, dir string) { cutEnd(t, filepath.Join(valuesDir(dir), "msgs", "1.blk"), 10) }, 2},
	} {
		for _, end := range endings[:d.noticed] {
			t.Run(d.name+" after "+end.name, func(t *testing.T) {
				t.Parallel()
				dir := copyOf(t, whole)
				end.do(t, dir)
				d.do(t, dir)
				before := digests(t, dir)
				_, err := Open(t.Context(), Options{Dir: dir, Logger: logger(t)})
				if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), valuesName) || strings.Contains(err.Error(), "\n") {
					t.Fatalf("the error is %v", err)
				}
				after := digests(t, dir)
				for path, sum := range before {
					if after[path] != sum {
						t.Errorf("%s was changed", path)
					}
				}
			})
		}
	}
}

func TestValuesComeBackFromAStartThatLostThem(t *testing.T) {
	dir, want := withValues(t)
	crashNoted(t, dir)
	log := openLog(t, Options{Dir: dir})
	log.engine.stop()
	must(t, os.RemoveAll(valuesDir(dir))) // as the server does with a stream that it cannot set up
	must(t, log.begin(t.Context()))
	hasValues(t, log, want)
	must(t, log.Close())
	hasValues(t, openLog(t, Options{Dir: dir}), want)
}

func TestValuesSurviveALostConfiguration(t *testing.T) {
	for _, file := range []string{"meta.inf", "meta.sum", filepath.Join("msgs", "index.db")} {
		dir, want := withValues(t)
		must(t, os.Remove(filepath.Join(valuesDir(dir), file)))
		if file == "meta.inf" { // of the events, that they are held
			must(t, os.Remove(filepath.Join(streamDir(dir), file)))
		}
		log := openLog(t, Options{Dir: dir, Retention: eventlog.Retention{MaxEvents: 5}})
		hasValues(t, log, want)
		ids := fill(t, log, 15)
		if got := readAll(t, log); len(got) < 15 || got[len(got)-15].ID() != ids[0] {
			t.Errorf("without %s the log does not hold what comes after its value: %d events are left", file, len(got))
		}
	}
}

// A value whose position was lost with the end of the events holds all that come
// after, and is replaced by one of the history that the log has.
func TestValueBeyondTheEndIsKeptAndLoggedOnce(t *testing.T) {
	dir := t.TempDir()
	log := openLog(t, Options{Dir: dir})
	ids := fill(t, log, 50)
	old := eventlog.Value{Name: "v", Position: ids[49], Data: []byte("old"), Holds: true}
	must(t, log.Put(t.Context(), old, event.ID{}))
	must(t, log.Close())
	cutLastBlock(t, dir, 1010)
	crash(t, dir)

	records := &recorder{}
	log = openLog(t, Options{Dir: dir, Retention: eventlog.Retention{MaxEvents: 20}, Logger: slog.New(records)})
	until(t, func() bool { return records.count(slog.LevelWarn, "hold all events") == 1 })
	hasValues(t, log, []eventlog.Value{old})
	left := len(readAll(t, log))
	more := fill(t, log, 30)
	now := eventlog.Value{Name: "v", Position: ids[10], Data: []byte("again"), Holds: true}
	must(t, log.Put(t.Context(), now, old.Position))
	now.Position = ids[5]
	if err := log.Put(t.Context(), now, ids[10]); !errors.Is(err, eventlog.ErrPosition) {
		t.Errorf("a position that goes back: %v", err)
	}
	until(t, func() bool { return state(t, log).First == ids[10].Seq()+1 })
	if got := readAll(t, log); len(got) != left-11+len(more) {
		t.Errorf("%d events are left, want %d", len(got), left-11+len(more))
	}
	if n := records.count(slog.LevelWarn, "hold all events"); n != 1 {
		t.Errorf("it was logged %d times", n)
	}
}

// Values are replaced and deleted, the newest message among them, and the files are
// rewritten for it: each start must find them in order.
func TestValuesThatChangeOftenStayInOrder(t *testing.T) {
	dir := t.TempDir()
	want := map[string]eventlog.Value{}
	for start := range 8 {
		log := openLog(t, Options{Dir: dir, Sync: MinutesLostAtPowerCut})
		id := publish(t, log, nil)
		for i := range 40 {
			name := fmt.Sprint("v", (i*7+start)%5)
			prev := want[name].Position
			if i%3 == 2 {
				must(t, log.Delete(t.Context(), name, prev))
				delete(want, name)
				continue
			}
			v := eventlog.Value{Name: name, Position: id, Data: bytes.Repeat([]byte{byte(i)}, i*i*300), Holds: i%2 == 0}
			must(t, log.Put(t.Context(), v, prev))
			want[name] = v
		}
		var all []eventlog.Value
		for _, v := range want {
			all = append(all, v)
		}
		hasValues(t, log, all)
		must(t, log.Close())
		if start%2 == 1 {
			crashNoted(t, dir)
		}
	}
}

// A process keeps a checkpoint of all its events, which retention removes as soon as
// it may, and is killed again and again.
func TestCheckpointsIncludeEveryAcknowledgedEventAfterKill9(t *testing.T) {
	dir := t.TempDir()
	acked := map[event.ID]string{}
	for range 4 {
		c := startChild(t, checkpointRole, dir)
		for id, text := range c.acks(t, 300) {
			acked[id] = text
		}
		must(t, c.cmd.Process.Kill())
		for id, text := range c.acks(t, math.MaxInt) {
			acked[id] = text
		}
		c.cmd.Wait()

		log := openLog(t, Options{Dir: dir, Retention: checkpointRetention})
		folded, sum := foldCheckpoint(t.Context(), log)
		if sum != nil {
			t.Fatal(sum)
		}
		for id, key := range acked {
			if !folded[key] {
				t.Fatalf("event %s (%s) was acknowledged, and is not in the state", id, key)
			}
		}
		if hard, n := hardEvents(checkpointRetention), len(readAll(t, log)); n > hard {
			t.Errorf("the log holds %d events", n)
		}
		must(t, log.Close())
	}
	if len(acked) < 1200 {
		t.Errorf("only %d events were acknowledged", len(acked))
	}
}

// hardEvents is how many events a log stores at most while values hold them.
func hardEvents(r eventlog.Retention) int {
	events, _ := r.Hard()
	return int(events)
}
