package e2e_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Two checkouts of one commit, in folders of different names, make the same release, and
// its program runs.
func TestBuildOfAReleaseIsReproducible(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	var sums []string
	var dir string
	for _, folder := range []string{"a", "another/longer/folder"} {
		dir = filepath.Join(t.TempDir(), folder)
		if out, err := exec.Command("git", "clone", "-q", root, dir).CombinedOutput(); err != nil {
			t.Fatalf("git clone: %v\n%s", err, out)
		}
		makeIn(t, dir, "release", "QUALITY=5")
		text, err := os.ReadFile(filepath.Join(dir, "bin", "release", "SHA256SUMS"))
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, string(text))
	}
	if sums[0] != sums[1] {
		t.Errorf("the releases differ:\n%s\n%s", sums[0], sums[1])
	}
	for _, platform := range []string{"linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"} {
		for _, end := range []string{".tar.gz", ".spdx.json"} {
			if strings.Count(sums[0], platform+end) != 1 {
				t.Errorf("of %s there is no %s:\n%s", platform, end, sums[0])
			}
		}
	}
	checkSums(t, filepath.Join(dir, "bin", "release"), sums[1])
	program := unpack(t, filepath.Join(dir, "bin", "release"), "_"+runtime.GOOS+"_"+runtime.GOARCH+".tar.gz")
	out, err := exec.Command(program, "-version").Output()
	if _, name, _ := strings.Cut(string(out), " "); err != nil || !strings.Contains(sums[0], "seaway_"+strings.TrimSpace(name)+"_") {
		t.Errorf("the program reports %q (%v)", out, err)
	}
}

// checkSums compares the files with their sums.
func checkSums(t *testing.T, dir, sums string) {
	t.Helper()
	for line := range strings.Lines(sums) {
		f := strings.Fields(line)
		data, err := os.ReadFile(filepath.Join(dir, f[1]))
		if got := fmt.Sprintf("%x", sha256.Sum256(data)); err != nil || got != f[0] {
			t.Errorf("%s has the sum %s (%v), want %s", f[1], got, err, f[0])
		}
	}
}

// unpack returns the program in the archive of a release whose name ends so.
func unpack(t *testing.T, dir, end string) (program string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"+end))
	if err != nil || len(names) != 1 {
		t.Fatalf("there are %q (%v)", names, err)
	}
	packed, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	for archive := tar.NewReader(plain); ; {
		h, err := archive.Next()
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(h.Name) != "seaway" {
			continue
		}
		data, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		program = filepath.Join(t.TempDir(), "seaway")
		if err := os.WriteFile(program, data, os.FileMode(h.Mode)); err != nil {
			t.Fatal(err)
		}
		return program
	}
}
