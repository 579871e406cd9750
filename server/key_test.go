package main

import (
	"bytes"
	"encoding/hex"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/session"
)

func TestKeyIsMadeOnceForItsOwnerOnly(t *testing.T) {
	dir := t.TempDir()
	first, err := keyFile("").sessionKeys(dir, false, slog.New(slog.DiscardHandler))
	if err != nil || len(first) != 1 {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	info, err := os.Stat(filepath.Join(dir, keyName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	again, err := keyFile("").sessionKeys(dir, false, slog.New(slog.DiscardHandler))
	if err != nil || !reflect.DeepEqual(again, first) {
		t.Errorf("another start has another key (%v)", err)
	}
	if other, _ := keyFile("").sessionKeys(t.TempDir(), false, slog.New(slog.DiscardHandler)); reflect.DeepEqual(other, first) {
		t.Error("two directories have one key")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.new")); left != nil {
		t.Errorf("%q are left", left)
	}
}

func TestKeyFileThatIsNoKeyIsLeftAsItIs(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "short": "abcd\n", "half a byte too long": strings.Repeat("ab", 32) + "a", "long": strings.Repeat("ab", 33), "not hexadecimal": strings.Repeat("xy", 32), "binary": string(make([]byte, 32)),
	} {
		dir := t.TempDir()
		file := filepath.Join(dir, keyName)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for k, dir := range map[keyFile]string{"": dir, keyFile(file): t.TempDir()} {
			if key, err := k.sessionKeys(dir, false, slog.New(slog.DiscardHandler)); err == nil || key != nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), file) {
				t.Errorf("%s: key %x, error %v", name, key, err)
			}
		}
		if now, err := os.ReadFile(file); err != nil || string(now) != text {
			t.Errorf("%s: it was written over: %q (%v)", name, now, err)
		}
	}
}

func TestKeyFileThatIsNamedIsRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	want := bytes.Repeat([]byte{7}, session.MinKey)
	if err := os.WriteFile(file, []byte(hex.EncodeToString(want)), 0o600); err != nil {
		t.Fatal(err)
	}
	for what, dir := range map[string]string{"with a directory": t.TempDir(), "on a cluster": ""} {
		var logged bytes.Buffer
		key, err := keyFile(file).sessionKeys(dir, false, slog.New(slog.NewTextHandler(&logged, nil)))
		if err != nil || !reflect.DeepEqual(key, [][]byte{want}) || logged.Len() > 0 {
			t.Errorf("%s: key %x, %v, logged %q", what, key, err, &logged)
		}
	}
	dir := t.TempDir()
	if _, err := keyFile(filepath.Join(dir, "nowhere")).sessionKeys(dir, false, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a file that is not there was made")
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%v are left", left)
	}
}

// Nodes of a cluster share only what they are given.
func TestClusterWithoutAKeyFileIsAWarning(t *testing.T) {
	var logged bytes.Buffer
	t.Chdir(t.TempDir())
	key, err := keyFile("").sessionKeys("", false, slog.New(slog.NewTextHandler(&logged, nil)))
	if err != nil || len(key) != 1 {
		t.Errorf("%d bytes, %v", len(key), err)
	}
	if other, _ := keyFile("").sessionKeys("", false, slog.New(slog.DiscardHandler)); reflect.DeepEqual(other, key) {
		t.Error("two programs have one key, which anybody may know")
	}
	if n := strings.Count(logged.String(), "\n"); n != 1 || !strings.Contains(logged.String(), "-session-key") {
		t.Errorf("logged %q", &logged)
	}
	if left, _ := os.ReadDir("."); len(left) > 0 {
		t.Errorf("%v are left", left)
	}
}

// A key that is gone is made anew: a directory without its file may be restored
// from a backup, and the other way to go on is to put the file back.
func TestKeyThatIsGoneIsMadeAnewWithAWarning(t *testing.T) {
	for _, used := range []bool{false, true} {
		var logged bytes.Buffer
		key, err := keyFile("").sessionKeys(t.TempDir(), used, slog.New(slog.NewTextHandler(&logged, nil)))
		if err != nil || len(key) != 1 {
			t.Errorf("%d bytes, %v", len(key), err)
		}
		if got := strings.Contains(logged.String(), "session key"); got != used || strings.Count(logged.String(), "\n") > 1 {
			t.Errorf("the log has been used: %v, logged %q", used, &logged)
		}
	}
}
