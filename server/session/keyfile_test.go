package session_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/session"
)

func TestKeyFileIsWrittenForItsOwner(t *testing.T) {
	name := filepath.Join(t.TempDir(), "key")
	want := session.NewKey()
	if err := session.WriteKey(name, want); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if got, err := session.ReadKeys(name); err != nil || !reflect.DeepEqual(got, [][]byte{want}) {
		t.Errorf("%x, %v", got, err)
	}
}

func TestKeyFileHoldsTheNewestKeyFirst(t *testing.T) {
	name := filepath.Join(t.TempDir(), "key")
	a, b := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	if err := os.WriteFile(name, []byte(hex.EncodeToString(a)+"\n\n  "+hex.EncodeToString(b)+"  "), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := session.ReadKeys(name); err != nil || !reflect.DeepEqual(got, [][]byte{a, b}) {
		t.Errorf("%x, %v", got, err)
	}
}

func TestKeyFileIsMadeOnce(t *testing.T) {
	name := filepath.Join(t.TempDir(), "key")
	first, err := session.OpenKeys(name)
	if err != nil || len(first) != 1 {
		t.Fatalf("%d keys, %v", len(first), err)
	}
	if again, err := session.OpenKeys(name); err != nil || !reflect.DeepEqual(again, first) {
		t.Errorf("again: %x, %v", again, err)
	}
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	if keys, err := session.OpenKeys(name); err == nil || keys != nil {
		t.Errorf("one that others read: %x, %v", keys, err)
	}
}

func TestKeyFileThatOthersReadIsRefused(t *testing.T) {
	name := filepath.Join(t.TempDir(), "key")
	if err := session.WriteKey(name, session.NewKey()); err != nil {
		t.Fatal(err)
	}
	for mode, ok := range map[os.FileMode]bool{0o600: true, 0o400: true, 0o640: true, 0o644: false, 0o602: false, 0o604: false} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := session.ReadKeys(name); (err == nil) != ok || err != nil && !strings.Contains(err.Error(), name) {
			t.Errorf("%v: %v", mode, err)
		}
	}
	if _, err := session.ReadKeys(name + "s"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestKeyFileThatHoldsAnythingElseIsRefused(t *testing.T) {
	good := strings.Repeat("ab", 32)
	for what, text := range map[string]string{"nothing": "", "a short key": "abcd\n", "a good key and a bad one": good + "\nabcd\n", "a good key after a bad one": "abcd\n" + good} {
		name := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := session.ReadKeys(name); err == nil || got != nil {
			t.Errorf("%s: %x, %v", what, got, err)
		}
	}
}
