package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// A process publishes, keeps a checkpoint, and removes what it includes, ten times as
// much as is retained between two copies. Each copy has all that was acknowledged
// before it began, and none of it twice.
func TestBackupOfALogInUseIsOfOneMoment(t *testing.T) {
	dir := t.TempDir()
	c := startChild(t, checkpointRole, dir)
	acked := map[event.ID]string{}
	for i := range rounds(5) {
		maps.Copy(acked, c.acks(t, 1000))
		to := filepath.Join(t.TempDir(), "copy")
		v, err := Backup(t.Context(), dir, to)
		if err != nil {
			t.Fatal(err)
		}
		if len(acked) < (i+1)*900 || v.Last < 1 {
			t.Fatalf("%d events were acknowledged, the copy ends at %d", len(acked), v.Last)
		}
		restored := restore(t, to, checkpointRetention)
		keys, err := foldCheckpoint(t.Context(), restored)
		if err != nil {
			t.Fatal(err)
		}
		for id, key := range acked {
			if !keys[key] {
				t.Errorf("copy %d, which ends at number %d, has no event %s, key %s", i, v.Last, id, key)
			}
		}
		checkNoHoles(t, keys)
		restored.Close()
	}
}

// restore opens a copy of a backup, so that this stays as it is.
func restore(t *testing.T, backup string, r eventlog.Retention) *Log {
	t.Helper()
	dir := copyOf(t, backup)
	if v, err := Verify(t.Context(), dir); err != nil || len(v.Damages) > 0 {
		t.Fatalf("the copy is damaged: %v (%v)", v.Damages, err)
	}
	return openLog(t, Options{Dir: dir, Retention: r})
}

// checkNoHoles checks that of each worker of a publisher the state has the first events,
// without a hole.
func checkNoHoles(t *testing.T, keys map[string]bool) {
	t.Helper()
	for key := range keys {
		i := strings.LastIndexByte(key, '-')
		n := 0
		fmt.Sscan(key[i+1:], &n)
		if n > 0 && !keys[fmt.Sprintf("%s-%d", key[:i], n-1)] {
			t.Errorf("the state has %s, and not the one before it", key)
		}
	}
}

// Files of events are filled, emptied and begun while they are copied, and values are
// in parts.
func TestBackupWhileFilesComeAndGo(t *testing.T) {
	r := eventlog.Retention{MaxBytes: 1 << 20}
	dir := t.TempDir()
	log := openLog(t, Options{Dir: dir, Retention: r, Sync: MinutesLostAtPowerCut})
	ctx, stop := context.WithCancel(t.Context())
	var acked atomic.Uint64
	ended := make(chan error, 1)
	go func() { ended <- fillAndTrim(ctx, log, &acked) }()
	for i := range rounds(10) {
		before := acked.Load()
		to := filepath.Join(t.TempDir(), "copy")
		v, err := Backup(t.Context(), dir, to)
		if err != nil {
			t.Fatal(err)
		}
		if v.Last < before {
			t.Errorf("copy %d ends at number %d, and %d was acknowledged before it began", i, v.Last, before)
		}
		restored := restore(t, to, r)
		checkSum(t, restored)
		restored.Close()
		for again := time.NewTicker(time.Millisecond); acked.Load() < before+30 && len(ended) == 0; {
			<-again.C
		}
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// The state of these tests is how many events there were, followed by as many bytes as
// make parts of it.
const sumName = "state.sum"

// fillAndTrim appends events of some size, and keeps a state that includes them, until
// ctx ends.
func fillAndTrim(ctx context.Context, log *Log, acked *atomic.Uint64) error {
	v := eventlog.Value{Name: sumName, Holds: true, Data: []byte("0 ")}
	var err error
	if v.Position, err = begin(ctx, log); err != nil {
		return err
	}
	if err := log.Put(ctx, v, event.ID{}); err != nil {
		return err
	}
	data := bytes.Repeat([]byte("x"), 40_000)
	for n := 1; ; n++ {
		id, err := log.Append(ctx, event.Draft{Topic: "a", Type: "test", Data: data})
		if err != nil {
			return errors.Join(err, context.Cause(ctx))
		}
		acked.Store(id.Seq())
		if n%7 != 0 {
			continue
		}
		prev := v.Position
		v.Position, v.Data = id, fmt.Appendf(nil, "%d %s", n, bytes.Repeat([]byte("y"), n%5*50_000))
		if err := log.Put(ctx, v, prev); err != nil {
			return errors.Join(err, context.Cause(ctx))
		}
	}
}

// checkSum checks that the state of fillAndTrim and the events after it are all events.
func checkSum(t *testing.T, log *Log) {
	t.Helper()
	v, err := log.Get(t.Context(), sumName)
	if errors.Is(err, eventlog.ErrNoValue) {
		v, err = eventlog.Value{Data: []byte("0 ")}, nil
	}
	if err != nil {
		t.Fatal(err)
	}
	n := uint64(0)
	fmt.Sscan(string(v.Data), &n)
	if n != v.Position.Seq() {
		t.Errorf("the state at number %d is of %d events", v.Position.Seq(), n)
	}
	for from := v.Position.Seq() + 1; ; {
		page, err := log.Read(t.Context(), from, 1000)
		if err != nil {
			t.Fatalf("the events after number %d: %v", from-1, err)
		}
		n += uint64(len(page.Events))
		if from = page.Next; page.Head {
			break
		}
	}
	state, err := log.State(t.Context())
	if err != nil || n != state.Last {
		t.Errorf("the state comes to %d events of %d (%v)", n, state.Last, err)
	}
}

// A client that has seen more than the copy holds is reset, also once the copy has as
// many events.
func TestBackupResetsClientsThatHaveSeenMore(t *testing.T) {
	dir, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	log := openLog(t, Options{Dir: dir})
	before := fill(t, log, 20)
	if _, err := Backup(t.Context(), dir, to); err != nil {
		t.Fatal(err)
	}
	after := fill(t, log, 20)
	restored := restore(t, to, eventlog.Retention{})
	fill(t, restored, 40)
	state, err := restored.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range before {
		if !state.Proves(id) {
			t.Errorf("a client at %s, which the copy holds, is reset", id)
		}
	}
	for _, id := range after {
		if state.Proves(id) {
			t.Errorf("a client at %s, which the copy does not hold, is resumed", id)
		}
	}
	for i, e := range readAll(t, restored)[:20] {
		if e.ID() != before[i] {
			t.Errorf("event %d is %s, was %s", i, e.ID(), before[i])
		}
	}
}

func TestBackupCopiesWhatIsBesideTheLog(t *testing.T) {
	dir, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	fill(t, openLog(t, Options{Dir: dir}), 3)
	if err := os.WriteFile(filepath.Join(dir, "session.key"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Backup(t.Context(), dir, to); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(to, "session.key"))
	if err != nil || string(text) != "secret" {
		t.Errorf("the key is %q (%v)", text, err)
	}
	if _, err := os.Stat(filepath.Join(to, lockName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the lock: %v", err)
	}
}

func TestBackupRefusesWhatItWouldSpoil(t *testing.T) {
	dir := t.TempDir()
	fill(t, openLog(t, Options{Dir: dir}), 3)
	full, other := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	if err := errors.Join(os.WriteFile(filepath.Join(full, "mine"), nil, 0o600), os.Mkdir(other+".partial", 0o700),
		os.WriteFile(filepath.Join(other+".partial", "mine"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ from, to, want string }{
		{dir, full, "is not empty"},
		{dir, other, "is no backup that was cut off"},
		{dir, dir, "a part of what is to be copied"},
		{dir, filepath.Join(dir, "backup"), "a part of what is to be copied"},
		{t.TempDir(), filepath.Join(t.TempDir(), "copy"), metaName},
	} {
		if _, err := Backup(t.Context(), test.from, test.to); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("to %s: %v, want %q", test.to, err, test.want)
		}
	}
	if _, err := os.Stat(filepath.Join(full, "mine")); err != nil {
		t.Error(err)
	}
}

// A damaged log has no copy.
func TestBackupRefusesADamagedLog(t *testing.T) {
	dir, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	log := openLog(t, Options{Dir: dir})
	fill(t, log, 50)
	log.Close()
	flip(t, blockFile(dir, "1.blk"), 100)
	if _, err := Backup(t.Context(), dir, to); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), ".blk is damaged at") {
		t.Errorf("the error is %v", err)
	}
	for _, name := range []string{to, to + ".partial"} {
		if exists(name) {
			t.Errorf("%s is there", name)
		}
	}
}

// A backup that is killed leaves nothing that looks whole, nothing in the log's
// directory, and nothing in the way of the next one.
func TestBackupThatIsKilledIsNone(t *testing.T) {
	dir, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	log := openLog(t, Options{Dir: dir})
	want := fill(t, log, 50)
	log.Close()
	entries := names(t, dir)
	c := startChild(t, backupRole, dir+string(filepath.ListSeparator)+to)
	if !c.lines.Scan() || c.lines.Text() != "filled" {
		t.Fatalf("the child reports %q", c.lines.Text())
	}
	if _, err := Backup(t.Context(), dir, to); !errors.Is(err, ErrLocked) {
		t.Errorf("a second backup to the same place: %v", err)
	}
	c.cmd.Process.Kill()
	c.cmd.Wait()
	if exists(to) {
		t.Error("there is a copy")
	}
	if _, err := Open(t.Context(), Options{Dir: to + ".partial"}); !errors.Is(err, ErrForeign) {
		t.Errorf("what is left opens: %v", err)
	}
	if _, err := Verify(t.Context(), to+".partial"); err == nil {
		t.Error("what is left is verified")
	}
	if left := names(t, dir); left != entries {
		t.Errorf("the log's directory holds %s, held %s", left, entries)
	}
	if _, err := Backup(t.Context(), dir, to); err != nil {
		t.Fatal(err)
	}
	if got := readAll(t, restore(t, to, eventlog.Retention{})); len(got) != len(want) {
		t.Errorf("the copy has %d events of %d", len(got), len(want))
	}
}

// backUpHalf does all of a backup but its end, and waits to be killed.
func backUpHalf(dirs string) {
	both := filepath.SplitList(dirs)
	s, err := takeSnapshot(context.Background(), both[0])
	if err == nil {
		var c *backupCopy
		if c, err = newCopy(both[1]); err == nil {
			_, err = c.fill(context.Background(), s)
		}
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("filled")
	io.Copy(io.Discard, os.Stdin)
}

func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(entries)
}
