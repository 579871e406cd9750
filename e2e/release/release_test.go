package main

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestBillIsSPDXAndHasEveryModule(t *testing.T) {
	program, err := filepath.Abs(cmp.Or(os.Getenv("SEAWAY_BIN"), "../../bin/seaway"))
	if err != nil {
		t.Fatal(err)
	}
	date := time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
	page := []module{{"example.org/page", "v1.2.3", "h1:sum"}}
	text, err := billOf(program, "seaway_v1.0.0_linux_amd64", version{"v1.0.0", date}, page)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile("testdata/spdx-2.3.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("the bill is no SPDX 2.3: %v", err)
	}
	for _, spoiled := range []string{`"SPDXID": "SPDXRef-Package-1",`, `"created": "2026-01-31T00:00:00Z",`} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.Replace(string(text), spoiled, "", 1)))
		if err != nil || schema.Validate(value) == nil {
			t.Errorf("without %s it passes (%v)", spoiled, err)
		}
	}
	var d spdxDocument
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "version", "-m", program).Output()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"pkg:golang/example.org/page@v1.2.3", "pkg:golang/github.com/seawaykit/seaway@v1.0.0"}
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) > 2 && f[0] == "dep" {
			want = append(want, "pkg:golang/"+f[1]+"@"+f[2])
		}
	}
	var got []string
	for _, p := range d.Packages {
		got = append(got, p.References[0].Locator)
	}
	for _, one := range want {
		if !slices.Contains(got, one) {
			t.Errorf("the bill lacks %s", one)
		}
	}
	if len(want) < 4 || len(d.Relationships) != len(d.Packages) || !strings.HasPrefix(got[len(got)-1], "pkg:golang/stdlib@1.") {
		t.Errorf("of %d modules it has the packages %q and %d relationships", len(want), got, len(d.Relationships))
	}
}

func TestVersionIsTheNewestOfTheChangelog(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"# Changelog\n\n## Unreleased\n\nmore\n\n## v0.2.0 (2026-12-24)\n\n## v0.1.0 (2026-11-30)\n", "v0.2.0 2026-12-24"},
		{"## Unreleased\n\nSince v0.1.0\n", ""},
		{"## v0.1.0 (2026-13-30)\n", ""},
		{"## v0.1 (2026-11-30)\n", ""},
	} {
		name := filepath.Join(t.TempDir(), "CHANGELOG.md")
		if err := os.WriteFile(name, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		v, err := newestVersion(name)
		if got := v.name + " " + v.date.Format(time.DateOnly); (err == nil) != (test.want != "") || err == nil && got != test.want {
			t.Errorf("of %q it is %s (%v), want %q", test.text, got, err, test.want)
		}
	}
	if v, err := newestVersion("../../CHANGELOG.md"); err != nil || v.name < "v0.1.0" {
		t.Errorf("this release is %v (%v)", v, err)
	}
}

func TestTagOfAnotherVersionIsRefused(t *testing.T) {
	dir := t.TempDir()
	v := version{name: "v0.1.0"}
	if err := checkTag(dir, v); err != nil {
		t.Errorf("without git: %v", err)
	}
	git(t, dir, "init", "-q")
	git(t, dir, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "--allow-empty", "-m", "first")
	if err := checkTag(dir, v); err != nil {
		t.Errorf("without a tag: %v", err)
	}
	git(t, dir, "tag", "v0.2.0")
	if err := checkTag(dir, v); err == nil || !strings.Contains(err.Error(), "is tagged v0.2.0") {
		t.Errorf("with another tag: %v", err)
	}
	git(t, dir, "tag", "v0.1.0")
	if err := checkTag(dir, v); err != nil {
		t.Errorf("with its tag: %v", err)
	}
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v: %s", args, err, out)
	}
}

func TestArchiveHasTheFilesAndNothingOfThisMachine(t *testing.T) {
	dir := t.TempDir()
	source, path := filepath.Join(dir, "file"), filepath.Join(dir, "a.tar.gz")
	date := time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
	err := errors.Join(os.WriteFile(source, []byte("text"), 0o640), writeArchive(path, "seaway", date, []member{{"program", source, 0o755}}))
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewReader(unpacked)
	h, err := archive.Next()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(archive)
	if err != nil || string(text) != "text" || h.Name != "seaway/program" || h.Mode != 0o755 || !h.ModTime.Equal(date) || h.Uid != 0 || h.Uname != "" {
		t.Errorf("it has %+v: %q (%v)", h, text, err)
	}
	if _, err := archive.Next(); err != io.EOF {
		t.Errorf("there is more: %v", err)
	}
}
