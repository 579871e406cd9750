package e2e_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// chapters are the paths of the guide's pages, the contents first.
func chapters(t *testing.T) (paths []string) {
	t.Helper()
	names, err := filepath.Glob("../web/guide/*.md")
	if err != nil || len(names) < 13 {
		t.Fatalf("the guide has %d files, %v", len(names), err)
	}
	paths = []string{"/guide"}
	for _, name := range names {
		if slug := strings.TrimSuffix(filepath.Base(name), ".md"); slug != "README" {
			paths = append(paths, "/guide/"+slug)
		}
	}
	return paths
}

func TestGuideIsServedWithAllChapters(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	_, contents := s.get("/guide")
	for _, path := range chapters(t) {
		if !strings.Contains(contents, `href="`+path+`"`) {
			t.Errorf("the contents do not link to %s", path)
		}
		resp, err := s.client.Get(s.url + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK || resp.Header.Get("ETag") == "" || resp.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v", path, resp.StatusCode, resp.Header)
		}
	}
}

// Each page of the guide is checked at desktop and phone size, light and dark, and
// nothing in it is wider than a phone. Its links lead to sections that are there.
func TestGuideIsAccessible(t *testing.T) {
	t.Parallel()
	axe := axeCore(t)
	s := startServer(t)
	b := openTab(t)
	for _, path := range append(chapters(t), "/guide?q=reset", "/guide/none") {
		b.navigate(s.url + path)
		for name, width := range map[string]int64{"a desk": 1280, "a phone": 390} {
			for _, scheme := range []string{"light", "dark"} {
				b.emulate(width, 800, scheme)
				for _, v := range b.violations(axe) {
					t.Errorf("%s on %s, %s: %s", path, name, scheme, v)
				}
			}
			if wide := eval[int](b, `document.documentElement.scrollWidth`); wide > int(width) {
				t.Errorf("%s is %d wide on %s", path, wide, name)
			}
			b.screenshot("guide" + strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(strings.TrimPrefix(path, "/guide")) + "-" + strings.TrimPrefix(name, "a "))
		}
		if lost := eval[[]string](b, `[...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute("href")).filter(h => !document.getElementById(h.slice(1)))`); len(lost) > 0 {
			t.Errorf("%s links to %q in itself", path, lost)
		}
	}
}

// What is typed is searched for at once, and what the page is about comes back.
func TestGuideIsSearched(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openTab(t)
	b.navigate(s.url + "/guide/presence")
	search := func(text string) {
		eval[any](b, `(e => { e.value = `+quoted(text)+`; e.dispatchEvent(new Event("input", {bubbles: true})) })(document.querySelector(".search input"))`)
	}
	search("onmessage")
	b.until("sections are found", `document.querySelector(".results a")?.getAttribute("href").startsWith("/guide/")`)
	b.until("it is announced", `/^\d+ sections? found$/.test(document.getElementById("found").textContent)`)
	search("")
	b.until("the chapter is back", `document.querySelector("#content h1").textContent === "Presence" && !document.querySelector(".results")`)
	search("onmessage")
	b.until("sections are found again", `document.querySelector(".results a")`)
	eval[any](b, `document.querySelector(".search").submit()`) // as Enter does, without the script
	b.until("the form's page has them too", `location.search === "?q=onmessage" && document.querySelector(".results a")`)
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}

// The sample's pages link to the guide, which is loaded: it is none of theirs.
func TestGuideIsReachedFromThePages(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openTab(t)
	b.navigate(s.url + "/board/red")
	b.untilLive()
	b.click(`.foot a`)
	b.until("the guide is there", `location.pathname === "/guide" && document.querySelector(".chapters a")`)
}

// A guideBlock is a shell block of a chapter, with what the text block after it says that
// it prints.
type guideBlock struct{ chapter, text, prints string }

func guideBlocks(t *testing.T) (blocks []guideBlock) {
	t.Helper()
	names, err := filepath.Glob("../web/guide/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?").FindAllStringSubmatch(string(text), -1) {
			blocks = append(blocks, guideBlock{filepath.Base(name), m[1], m[2]})
		}
		if all, read := strings.Count(string(text), "\n```text\n"), regexp.MustCompile("```\n\n```text\n"); len(read.FindAllString(string(text), -1)) != all {
			t.Errorf("%s: a text block is what the shell block before it prints", name)
		}
	}
	return blocks
}

// prelude gives the blocks what they need of a machine: the program of a project is the
// sample, which has its flags, and of a stream the first frame is enough.
const prelude = `
curl() {
  case " $* " in
    *' -N '*) command curl -sS --max-time 120 "$@" | sed '/^event: hello/q'; [[ ${PIPESTATUS[0]} == 0 || ${PIPESTATUS[0]} == 23 ]] ;;
    *) command curl -sS --max-time 120 "$@" ;;
  esac
}
seaway() { # of the program itself, the flags are read, and it ends
  case $1 in
    -*) "$SEAWAY" -version "$@" ;;
    *) "$SEAWAY" "$@" ;;
  esac
}
systemctl() { [[ $1 == daemon-reload || $1 == enable ]]; }
`

// Each shell block of the guide is run against the sample. Those that make and build
// projects are in README too, or are run by TestProjectOfTheGuideWorks.
func TestGuideShellBlocksRun(t *testing.T) {
	t.Parallel()
	admin := freeAddr(t)
	s := startServer(t, "-admin", admin, "-heartbeat", "1s")
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(s.data, filepath.Join(dir, "data")); err != nil {
		t.Fatal(err)
	}
	for _, b := range guideBlocks(t) {
		if strings.Contains(string(readme), "```sh\n"+b.text+"```") || b.chapter == "first-live-page.md" ||
			strings.HasPrefix(b.text, "go run ./web/new -plain ") || b.text == "make build\n" {
			continue
		}
		text := strings.NewReplacer("localhost:8000", s.addr, "localhost:9090", admin, "bin/seaway", "seaway", "bin/server", "seaway").Replace(b.text)
		cmd := exec.Command("bash", "-euc", prelude+text)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "SEAWAY="+absolute(t, binary))
		out, err := cmd.CombinedOutput()
		switch {
		case err != nil:
			t.Errorf("%s: %v\n%s%s", b.chapter, err, b.text, out)
		case b.prints != "" && strings.TrimSpace(string(out)) != strings.TrimSpace(b.prints):
			t.Errorf("%s:\n%sprints\n%swant\n%s", b.chapter, b.text, out, b.prints)
		case strings.Contains(text, "curl") && len(out) == 0 && !strings.Contains(text, " -o ") && !strings.Contains(text, "|"):
			t.Errorf("%s:\n%sprints nothing", b.chapter, b.text)
		}
	}
}

func absolute(t *testing.T, name string) string {
	t.Helper()
	name, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// What the chapter changes of a new project is built, tested and used in a browser.
func TestProjectOfTheGuideWorks(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../web/guide/first-live-page.md")
	if err != nil {
		t.Fatal(err)
	}
	s, b := newStudent(t), openTab(t)
	const button = `document.querySelector("#notes button")`
	for _, step := range steps(string(text)) {
		switch {
		case step.lang == "sh":
			s.shell(step.text)
			if strings.Contains(step.text, "make dev") {
				b.navigate("http://localhost:" + s.port + "/")
				untilBuilt(t, &s.out)
				b.eventually("the page is live", live)
				for _, note := range []string{"milk", "bread"} {
					b.writeNote(note)
					b.eventually("the note is stored", listed(note)+` && document.getElementById("text").value === ""`)
				}
			}
		case step.lang == "go" && step.file != "":
			s.put(step)
		}
		if step.lang == "go" && step.file == "app/page/home.go" {
			b.eventually("notes have a button", live+" && "+button)
			eval[any](b, button+`.click()`)
			b.eventually("the first note is gone", "!"+listed("milk")+" && "+listed("bread"))
		}
	}
	b.eventually("the built program has what is left", live+" && "+listed("bread")+" && !"+listed("milk"))
	s.shell("make test")
}
