package e2e_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// makeProject makes a project as `make new` does, and returns its directory.
func makeProject(t *testing.T, name string, flags ...string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "project")
	cmd := exec.Command("go", slices.Concat([]string{"run", "./web/new"}, flags, []string{name, dir})...)
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	return dir
}

// makeIn runs make in a directory, and gives the make above, if there is one, no
// say in it.
func makeIn(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("make", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=0", "GOPROXY=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
}

// A project is built from what is in the module cache: it needs the modules of
// the kit and no others, at the versions that the kit is tested with.
func TestProjectBuildsPassesItsTestsAndIsLive(t *testing.T) {
	t.Parallel()
	dir := makeProject(t, "example.org/somebody/notes")
	makeIn(t, dir, "test")
	makeIn(t, dir, "build", "QUALITY=1")
	program := filepath.Join(dir, "bin", "server")

	s := startBinary(t, program)
	b := openTab(t)
	b.navigate(s.url + "/")
	b.untilLive()
	s.note("from a program")
	b.until("the page shows what a program has written", listed("from a program"))
	b.writeNote(`from the "page" <b>`)
	b.until("the page shows its own note", listed(`from the "page" <b>`))

	if _, html := s.get("/"); !strings.Contains(html, "from a program") {
		t.Errorf("the HTML does not hold the notes:\n%s", html)
	}
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
	if text, err := os.ReadFile(program); err != nil || bytes.Contains(text, []byte("/* The sample's look")) {
		t.Errorf("the program holds the sample's files, %v", err)
	}
	// Killed and started again, it has its notes, and the page comes back.
	s.kill()
	s.start()
	s.note("after the restart")
	b.until("the page shows what came after the restart", listed("after the restart"))
	if got := eval[int](b, `document.querySelectorAll("#notes li").length`); got != 3 {
		t.Errorf("the page shows %d notes, want each of 3 once", got)
	}
	b.screenshot("project")

	// The next release renames a note's field, which its own test would refuse: the
	// page would misread it, and reloads itself. The state of the release before is
	// converted.
	b.untilControlled()
	contract := filepath.Join(dir, "shared", "notes", "notes.go")
	source, err := os.ReadFile(contract)
	if err != nil {
		t.Fatal(err)
	}
	write(t, contract, strings.Replace(string(source), `json:"text"`, `json:"line"`, 1)+upgrade)
	makeIn(t, dir, "build", "QUALITY=1")
	s.terminate()
	s.start()
	if status, said, _ := s.command("POST", "/commands/notes.write", `{"line":"of the next release"}`); status != 200 {
		t.Fatalf("the note was answered with %d %s", status, said)
	}
	b.until("the page is the next release's", listed("of the next release")+" && "+listed("from a program"))
	if reloads := eval[int](b, `JSON.parse(sessionStorage.getItem("seaway-reloads")).length`); reloads != 1 {
		t.Errorf("the page has loaded itself %d times, want once", reloads)
	}
}

// upgrade reads the lists of the release in which a note's field was called text.
const upgrade = `
type listV1 struct {
	Notes []struct {
		ID   event.ID ` + "`json:\"id\"`" + `
		Text string   ` + "`json:\"text\"`" + `
	}
}

func init() {
	state.Upgrade(Lists, func(old listV1) (l List) {
		for _, n := range old.Notes {
			l.Notes = append(l.Notes, Item{ID: n.ID, Note: Note{Text: n.Text}})
		}
		return l
	})
}
`

// listed is a JavaScript expression: a note of that text is shown.
func listed(text string) string {
	return `[...document.querySelectorAll("#notes li span")].some(e => e.textContent === ` + quoted(text) + `)`
}

// note writes a note as another program would.
func (s *server) note(text string) {
	s.t.Helper()
	status, said, _ := s.command("POST", "/commands/notes.write", `{"text":`+quoted(text)+`}`)
	if status != 200 {
		s.t.Fatalf("the note was answered with %d %s", status, said)
	}
}

// writeNote writes one in the page.
func (b *tab) writeNote(text string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.SendKeys(chromedp.ID("text"), text), chromedp.Click(chromedp.ID("write"))); err != nil {
		b.t.Fatal(err)
	}
}

// quoted returns a text as JavaScript and JSON write it.
func quoted(text string) string {
	q, _ := json.Marshal(text) // a string can be
	return string(q)
}
