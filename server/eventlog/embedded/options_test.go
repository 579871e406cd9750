package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/durable"
)

func TestDirectoryOfSomethingElseIsRefused(t *testing.T) {
	tests := []struct {
		name string
		file string // what the directory holds
		text string
		says string
	}{
		{"a cluster's", metaName, `{"mode":"cluster","epoch":"abc"}`, `mode "cluster"`},
		{"a damaged meta file", metaName, `{"mode":`, "damaged"},
		{"a meta file without an epoch", metaName, `{"mode":"single"}`, "epoch"},
		{"a server's without a meta file", "jetstream", "", `holds "jetstream"`},
		{"a user's home", ".profile", "", `holds ".profile"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, test.file)
			if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Open(t.Context(), Options{Dir: dir, Logger: logger(t)})
			if err == nil || !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), dir) {
				t.Errorf("the error is %v", err)
			}
			if text, err := os.ReadFile(path); err != nil || string(text) != test.text {
				t.Errorf("the file was changed to %q (%v)", text, err)
			}
		})
	}
}

func TestDirectoryMetaThatDoesNotFitTheEventsIsRefused(t *testing.T) {
	dir := t.TempDir()
	openLog(t, Options{Dir: dir}).Close()
	if err := durable.WriteFile(filepath.Join(dir, metaName), []byte(`{"mode":"single","epoch":"another"}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Dir: dir, Logger: logger(t)}); !errors.Is(err, ErrForeign) {
		t.Errorf("the error is %v", err)
	}
}

func TestOpenReportsAFileInPlaceOfTheDirectory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Dir: path, Logger: logger(t)}); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("the error is %v", err)
	}
}

func TestDirectoryIsPrivateAndHasItsMeta(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "parent", "data")
	log := openLog(t, Options{Dir: dir})
	state, err := log.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if info, err := entry.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %v (%v)", path, info.Mode(), err)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, metaName))
	if err != nil {
		t.Fatal(err)
	}
	var m directoryMeta
	if err := json.Unmarshal(text, &m); err != nil || m != (directoryMeta{"single", state.Epoch, true, true}) {
		t.Errorf("the meta file is %s, the epoch %s", text, state.Epoch)
	}
}

func TestOptionsHaveDefaults(t *testing.T) {
	t.Chdir(t.TempDir())
	log := openLog(t, Options{})
	size, _, known := diskSpace(".")
	if want := min(1<<30, size/10); !known || log.o.Retention.MaxBytes != want {
		t.Errorf("the log holds %d bytes, want %d", log.o.Retention.MaxBytes, want)
	}
	if _, err := os.Stat(filepath.Join("data", metaName)); err != nil {
		t.Errorf("the default directory is not ./data: %v", err)
	}
	if log.commits.Load() == nil {
		t.Error("an acknowledgement does not mean that the event is on the disk")
	}
	if _, err := Open(t.Context(), Options{Dir: "other", Sync: 7}); err == nil {
		t.Error("an unknown Sync is accepted")
	}
}

func TestLargeEventsFit(t *testing.T) {
	log := openLog(t, Options{Dir: t.TempDir(), Retention: eventlog.Retention{MaxEvent: 4 << 20}, Sync: MinutesLostAtPowerCut})
	publish(t, log, make([]byte, 4<<20-100))
	if events := readAll(t, log); len(events) != 1 || len(events[0].Data()) != 4<<20-100 {
		t.Errorf("the log holds %d events", len(events))
	}
}

func TestLoggerIsSilentInNormalOperation(t *testing.T) {
	records := &recorder{}
	dir := t.TempDir()
	for range 2 {
		log := openLog(t, Options{Dir: dir, Logger: slog.New(records)})
		fill(t, log, 10)
		readAll(t, log)
		if err := log.Health(); err != nil {
			t.Error(err)
		}
		log.Close()
	}
	if text := records.text(slog.LevelInfo); text != "" {
		t.Errorf("the log says\n%s", text)
	}
	if text := records.text(slog.LevelDebug); !strings.Contains(text, "nats: ") {
		t.Errorf("what the server says does not arrive: %q", text)
	}
}

func TestLogThatWasClosedCanBeOpenedAtOnce(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		log := openLog(t, Options{Dir: dir})
		fill(t, log, 1)
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestOpenEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	if _, err := Open(ctx, Options{Dir: dir, Logger: logger(t)}); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	openLog(t, Options{Dir: dir}) // the lock was given back
}

// A recorder is a [slog.Handler] that keeps what is logged.
type recorder struct {
	mu   sync.Mutex
	kept []slog.Record
}

func (r *recorder) Enabled(context.Context, slog.Level) bool { return true }
func (r *recorder) WithAttrs([]slog.Attr) slog.Handler       { return r }
func (r *recorder) WithGroup(string) slog.Handler            { return r }
func (r *recorder) Handle(_ context.Context, record slog.Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = append(r.kept, record)
	return nil
}

// text returns the messages of a level and above.
func (r *recorder) text(level slog.Level) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	for _, record := range r.kept {
		if record.Level >= level {
			b.WriteString(record.Level.String() + " " + record.Message + "\n")
		}
	}
	return b.String()
}

func (r *recorder) count(level slog.Level, part string) int {
	return strings.Count(r.text(level), part)
}

// until waits for what must come true in the end.
func until(t *testing.T, true func() bool) {
	t.Helper()
	again, end := time.NewTicker(5*time.Millisecond), time.NewTimer(time.Minute)
	defer again.Stop()
	defer end.Stop()
	for !true() {
		select {
		case <-again.C:
		case <-end.C:
			t.Fatal("it does not come true")
		}
	}
}

// Groups of appends are synced only where files can be linked: where they cannot, the
// server syncs each message.
func TestEventsAreSyncedWithoutLinks(t *testing.T) {
	dir := t.TempDir()
	openLog(t, Options{Dir: dir}).Close()
	if err := os.WriteFile(filepath.Join(dir, linksName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	log := openLog(t, Options{Dir: dir})
	if log.commits.Load() != nil || !log.engine.options().SyncAlways {
		t.Error("an acknowledgement does not mean that the event is on the disk")
	}
	publish(t, log, nil)
}
