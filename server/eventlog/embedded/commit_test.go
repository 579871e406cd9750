package embedded

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// While a sync goes on, all callers that come wait for one more.
func TestCallersThatWaitShareASync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		syncs := 0
		c := &committer{sync: func(bool) error { time.Sleep(5 * time.Millisecond); syncs++; return nil }}
		var all sync.WaitGroup
		begun := time.Now()
		all.Go(func() { c.commit(t.Context(), 1) })
		synctest.Wait() // it is in its sync
		for seq := range uint64(63) {
			all.Go(func() { c.commit(t.Context(), seq+2) })
		}
		all.Wait()
		if took := time.Since(begun); syncs != 2 || took != 10*time.Millisecond {
			t.Errorf("64 callers waited for %d syncs, %v", syncs, took)
		}
		if c.commit(t.Context(), 64); syncs != 2 {
			t.Error("what is durable is synced again")
		}
		if c.commit(t.Context(), 65); syncs != 3 {
			t.Error("the next message is not synced")
		}
	})
}

// Who wants no more than the sync that goes on makes durable waits for that one.
func TestCallerJoinsTheSyncThatIncludesItsMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		syncs := 0
		c := &committer{sync: func(bool) error { time.Sleep(5 * time.Millisecond); syncs++; return nil }}
		var all sync.WaitGroup
		all.Go(func() { c.commit(t.Context(), 5) })
		synctest.Wait() // it is in its sync
		for seq := range uint64(5) {
			all.Go(func() {
				if err := c.commit(t.Context(), seq+1); err != nil || syncs != 1 {
					t.Errorf("number %d: %v after %d syncs", seq+1, err, syncs)
				}
			})
		}
		all.Wait()
		all.Go(func() { c.commit(t.Context(), 6) })
		synctest.Wait()
		if c.commitAll(t.Context()); syncs != 3 {
			t.Errorf("what was to sync everything shared a sync for number 6")
		}
		all.Wait()
	})
}

// A caller does not wait longer than it wants to; the sync goes on for the others.
func TestCallerLeavesARound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &committer{sync: func(bool) error { time.Sleep(time.Second); return nil }}
		go c.commit(t.Context(), 1)
		synctest.Wait()
		go c.commit(t.Context(), 2) // leads the next
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if err := c.commit(ctx, 3); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it waited: %v", err)
		}
		c.finish()
		if c.synced.Load() != 3 {
			t.Errorf("up to %d is durable", c.synced.Load())
		}
		if err := c.commit(t.Context(), 4); !errors.Is(err, errFinished) {
			t.Errorf("a stopped server's message: %v", err)
		}
	})
}

// A second sync would succeed, and report nothing of what the first has lost.
func TestFailedSyncIsNotRepeated(t *testing.T) {
	for name, failing := range map[string]func(l *Log) error{
		"of an append":    func(l *Log) error { return tryAppend(t, l) },
		"of a look at it": func(l *Log) error { return l.commits.Load().of[streamName].commitAll(t.Context()) },
	} {
		t.Run(name, func(t *testing.T) {
			var fail atomic.Bool
			d := systemDisk()
			d.sync = func(f *os.File) error {
				if fail.Load() {
					return syscall.EIO
				}
				return f.Sync()
			}
			log := openLog(t, Options{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler), disk: d, healthEvery: 20 * time.Millisecond})
			seen := follow(t, log)
			acked := fill(t, log, 3)
			fail.Store(true)
			if err := failing(log); err == nil || errors.Is(err, eventlog.ErrFull) {
				t.Errorf("a failed sync is reported as %v", err)
			}
			until(t, func() bool { return errors.Is(tryAppend(t, log), eventlog.ErrFull) && log.Health() != nil })
			fail.Store(false)
			until(t, func() bool { return log.Health() == nil })
			acked = append(acked, fill(t, log, 3)...)
			stored := idsOf(readAll(t, log))
			for _, id := range acked {
				if !slices.Contains(stored, id) {
					t.Errorf("%s is lost", id)
				}
			}
			until(t, func() bool { return slices.Equal(seen(), stored) })
		})
	}
}

func tryAppend(t *testing.T, log *Log) error {
	_, err := log.Append(t.Context(), event.Draft{Topic: "a", Type: "test", Data: []byte("x")})
	return err
}
