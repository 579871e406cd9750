package embedded

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// batchSize is how many events the tests store as one.
const batchSize = 7

// batchOf returns drafts to be stored as one under a key, with it and their number as
// payloads.
func batchOf(key string, size int) []event.Draft {
	drafts := make([]event.Draft, batchSize)
	for k := range drafts {
		drafts[k] = event.Draft{Topic: "a", Type: "test", Data: fmt.Appendf(nil, "%s %d %s", key, k, strings.Repeat("x", size))}
	}
	drafts[0].Key = key
	return drafts
}

// An ackedBatch is what a child prints of a batch.
type ackedBatch struct {
	Key string
	IDs []event.ID
}

// publishBatchesForEver appends batches from several goroutines and prints what is
// acknowledged.
func publishBatchesForEver(log *Log) {
	out := json.NewEncoder(os.Stdout)
	var mu sync.Mutex
	for worker := range 4 {
		go func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("%d-%d-%d", os.Getpid(), worker, i)
				ids, err := log.AppendAll(context.Background(), batchOf(key, 1000*worker))
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				mu.Lock()
				out.Encode(ackedBatch{key, ids})
				mu.Unlock()
			}
		}()
	}
	io.Copy(io.Discard, os.Stdin)
}

// checkBatches fails unless the log holds whole batches only, each once, with all those
// that were acknowledged. It returns the keys of all.
func checkBatches(t *testing.T, log eventlog.Log, acked []ackedBatch) (keys []string) {
	t.Helper()
	stored := map[string][]event.ID{}
	for i, e := range readAll(t, log) {
		key, rest, _ := strings.Cut(string(e.Data()), " ")
		number, _, _ := strings.Cut(rest, " ")
		if number != fmt.Sprint(i%batchSize) || i%batchSize > 0 && keys[len(keys)-1] != key {
			t.Fatalf("event %d is number %s of batch %s", i, number, key)
		}
		if i%batchSize == 0 {
			keys = append(keys, key)
		}
		stored[key] = append(stored[key], e.ID())
	}
	for key, ids := range stored {
		if len(ids) != batchSize {
			t.Errorf("of batch %s %d events are stored", key, len(ids))
		}
	}
	for _, b := range acked {
		if !slices.Equal(stored[b.Key], b.IDs) {
			t.Errorf("the batch %s was acknowledged as %v, and is stored as %v", b.Key, b.IDs, stored[b.Key])
		}
	}
	return keys
}

func TestBatchesAreWholeAfterKill9(t *testing.T) {
	dir := t.TempDir()
	var acked []ackedBatch
	kills := rounds(6)
	for range kills {
		c := startChild(t, batchRole, dir)
		for n := 0; c.lines.Scan(); n++ {
			var b ackedBatch
			if json.Unmarshal(c.lines.Bytes(), &b) != nil {
				break // cut off by the kill
			}
			acked = append(acked, b)
			if n == 20 {
				c.cmd.Process.Kill()
			}
		}
		c.cmd.Wait()
		log := openLog(t, Options{Dir: dir})
		keys := checkBatches(t, log, acked)
		// A retry under the key of any of them finds it again, and the rest is stored.
		for _, b := range acked[len(acked)-5:] {
			if ids, err := log.AppendAll(t.Context(), batchOf(b.Key, 0)); err != nil || !slices.Equal(ids, b.IDs) {
				t.Errorf("a retry of %s has the ids %v (%v), want %v", b.Key, ids, err, b.IDs)
			}
		}
		if again := checkBatches(t, log, acked); len(again) != len(keys) {
			t.Errorf("retries have stored %d batches", len(again)-len(keys))
		}
		log.Close()
	}
	if len(acked) < 20*kills {
		t.Errorf("only %d batches were acknowledged", len(acked))
	}
}

// A power cut can take the end of the newest file, and what the server had collected.
func TestBatchWhoseEndIsLostIsRemovedWhole(t *testing.T) {
	dir := t.TempDir()
	log := openLog(t, Options{Dir: dir})
	first, err := log.AppendAll(t.Context(), batchOf("first", 1000))
	if err != nil {
		t.Fatal(err)
	}
	lost, err := log.AppendAll(t.Context(), batchOf("lost", 1000))
	if err != nil {
		t.Fatal(err)
	}
	log.Close()
	cutLastBlock(t, dir, 3000)
	crash(t, dir)

	log = openLog(t, Options{Dir: dir})
	checkBatches(t, log, []ackedBatch{{"first", first}})
	if n := len(readAll(t, log)); n != batchSize {
		t.Errorf("%d events are left, want %d", n, batchSize)
	}
	for _, id := range lost {
		if state(t, log).Proves(id) {
			t.Errorf("%s is proved, and has been removed", id)
		}
	}
	if !state(t, log).Proves(first[batchSize-1]) {
		t.Errorf("%s is not proved, and is there", first[batchSize-1])
	}
	again, err := log.AppendAll(t.Context(), batchOf("lost", 1000))
	if err != nil || len(again) != batchSize || slices.Contains(lost, again[0]) {
		t.Fatalf("the retry has the ids %v (%v), those of before were %v", again, err, lost)
	}
	log.Close()
	log = openLog(t, Options{Dir: dir})
	checkBatches(t, log, []ackedBatch{{"first", first}, {"lost", again}})
}
