package live

import (
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/embedded"
)

// nothing is an environment without variables.
func nothing(string) string { return "" }

func TestRetentionFlagsTakeUnits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args string
		want eventlog.Retention
	}{
		{"", eventlog.Retention{}},
		{"-retain-events 50", eventlog.Retention{MaxEvents: 50}},
		{"-retain-bytes 1", eventlog.Retention{MaxBytes: 1}},
		{"-retain-bytes 5B", eventlog.Retention{MaxBytes: 5}},
		{"-retain-bytes 64MiB", eventlog.Retention{MaxBytes: 64 << 20}},
		{"-retain-bytes 1GB", eventlog.Retention{MaxBytes: 1e9}},
		{"-retain-bytes 20kib", eventlog.Retention{MaxBytes: 20 << 10}},
		{"-retain-bytes 3TB", eventlog.Retention{MaxBytes: 3e12}},
		{"-retain-age 90m", eventlog.Retention{MaxAge: 90 * time.Minute}},
		{"-retain-age 7d", eventlog.Retention{MaxAge: 7 * 24 * time.Hour}},
		{"-retain-age 1d12h -retain-events 5 -retain-bytes 1KB", eventlog.Retention{MaxEvents: 5, MaxBytes: 1000, MaxAge: 36 * time.Hour}},
	} {
		f, err := Program{Name: "notes"}.parse(strings.Fields(c.args), nothing, io.Discard)
		if err != nil || f.retain.retention() != c.want {
			t.Errorf("%s: %+v (%v), want %+v", c.args, f.retain.retention(), err, c.want)
		}
	}
}

func TestRetentionFlagsRefuseInOneLine(t *testing.T) {
	t.Parallel()
	for flag, values := range map[string][]string{
		"retain-events": {"0", "-1", "many", "1.5", "99999999999999999999"},
		"retain-bytes":  {"0", "-1", "1.5GB", "GB", "1 GB", "5X", "5K", "9999999TB"},
		"retain-age":    {"0", "0d", "-1h", "-2d", "999ms", "7", "d", "1dx", "999999999d", "106751d999h"},
	} {
		for _, value := range values {
			_, err := Program{Name: "notes"}.parse([]string{"-" + flag, value}, nothing, io.Discard)
			if err == nil || !strings.Contains(err.Error(), "-"+flag) || !strings.Contains(err.Error(), value) || strings.Contains(err.Error(), "\n") {
				t.Errorf("-%s %s: %v", flag, value, err)
			}
		}
	}
}

// A flag wins over its variable, also over one that is wrong.
func TestRetentionComesFromTheEnvironment(t *testing.T) {
	t.Parallel()
	variables := map[string]string{"SEAWAY_RETAIN_EVENTS": "7", "SEAWAY_RETAIN_BYTES": "2MB", "SEAWAY_RETAIN_AGE": "3d"}
	getenv := func(name string) string { return variables[name] }
	f, err := Program{Name: "notes"}.parse([]string{"-retain-age", "1h"}, getenv, io.Discard)
	if want := (eventlog.Retention{MaxEvents: 7, MaxBytes: 2e6, MaxAge: time.Hour}); err != nil || f.retain.retention() != want {
		t.Errorf("%+v (%v), want %+v", f.retain.retention(), err, want)
	}
	variables["SEAWAY_RETAIN_BYTES"] = "lots"
	_, err = Program{Name: "notes"}.parse(nil, getenv, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "SEAWAY_RETAIN_BYTES") || !strings.Contains(err.Error(), "lots") || strings.Contains(err.Error(), "\n") {
		t.Errorf("the error is %v", err)
	}
	if f, err = (Program{Name: "notes"}).parse([]string{"-retain-bytes", "1"}, getenv, io.Discard); err != nil || f.retain.retention().MaxBytes != 1 {
		t.Errorf("%+v (%v)", f.retain.retention(), err)
	}
}

// What a log keeps follows the flags of each start, less or more than before.
func TestRetentionOfALogFollowsTheFlags(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, c := range []struct {
		args        []string
		least, most int
	}{
		{nil, 12, 12},
		{[]string{"-retain-events", "5"}, 5, 5},
		{[]string{"-retain-events", "20"}, 17, 17},
		{[]string{"-retain-bytes", "1KB"}, 1, 10},
	} {
		r := start(t, testProgram(), append(c.args, "-addr", "127.0.0.1:0", "-data", dir)...)
		address := url(t, r.lines, "listening")
		for range 12 {
			if resp, body := call(t, address, "live.write", `{"text":"hello"}`); resp.StatusCode != 200 {
				t.Fatalf("a command: %d, %s", resp.StatusCode, body)
			}
		}
		r.stop()
		within(t, "the end", r.status)
		log, err := embedded.Open(t.Context(), embedded.Options{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		page, err := log.Read(t.Context(), 0, 100)
		if n := len(page.Events); err != nil || n < c.least || n > c.most {
			t.Errorf("%q: %d events are left (%v), want %d to %d", c.args, n, err, c.least, c.most)
		}
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	}
}
