package refuse_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A module is one of a user, who has the kit around this test and what the kit
// requires.
type userModule struct {
	t   *testing.T
	dir string
}

// newUserModule makes an empty module.
func newUserModule(t *testing.T) *userModule {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	m := &userModule{t, t.TempDir()}
	manifest, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(manifest), "module github.com/seawaykit/seaway\n", "module example.com/guide\n", 1)
	m.write("go.mod", text+"\nrequire github.com/seawaykit/seaway v0.0.0\n\nreplace github.com/seawaykit/seaway => "+root+"\n")
	m.write("go.sum", string(sums))
	return m
}

func (m *userModule) write(name, text string) {
	m.t.Helper()
	name = filepath.Join(m.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		m.t.Fatal(err)
	}
	write(m.t, name, text)
}

// run runs the go command in the module, for a platform.
func (m *userModule) run(p platform, args ...string) {
	m.t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-trimpath -mod=mod", "GOPROXY=off", "GOWORK=off")
	if p != native {
		cmd.Env = append(cmd.Env, "GOOS="+p.os, "GOARCH="+p.arch)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		m.t.Errorf("go %s for %s: %v\n%s", args[0], p, err, out)
	}
}

// Each block that begins with the half that it is of is a part of a package, which is
// vetted for the platforms of that half, and its tests are run.
func TestGuidesGoCompiles(t *testing.T) {
	t.Parallel()
	byChapter := map[string][]chapterBlock{}
	for _, b := range chapterBlocks(t) {
		switch {
		case b.lang != "go", b.in != "": // what changes a project has its own test
		case header.MatchString(b.text):
			byChapter[b.file] = append(byChapter[b.file], b)
		case !isExcerpt(t, b):
			t.Errorf("%s:%d: a block begins with // shared/<name>, // server or // page, or is from a file of a new project", b.file, b.line)
		}
	}
	m := newUserModule(t)
	var all, inBrowsers, tested []string
	for _, blocks := range byChapter {
		for _, u := range unitsOf(t, blocks) {
			dir := "./" + u.dir
			all = append(all, dir)
			if u.half != "server" {
				inBrowsers = append(inBrowsers, dir)
			}
			if u.tests {
				tested = append(tested, dir)
			}
			for name, text := range u.files {
				m.write(u.dir+"/"+name, text)
			}
		}
	}
	if t.Failed() {
		return
	}
	m.run(native, append([]string{"vet"}, all...)...)
	m.run(wasm, append([]string{"vet"}, inBrowsers...)...)
	m.run(native, append([]string{"test", "-count=1"}, tested...)...)
}
