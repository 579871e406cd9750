package e2e_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A block is one of README's tutorial.
type block struct{ lang, file, text string }

// tutorial returns the blocks of README's first live page, in order.
func tutorial(t *testing.T) (blocks []block) {
	t.Helper()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(readme), "\n## Your first live page in ten minutes\n")
	text, _, closed := strings.Cut(text, "\n## ")
	if !found || !closed {
		t.Fatal("README has no section about the first live page")
	}
	return steps(text)
}

// steps returns the blocks of a text, each with the file that is named above it.
func steps(text string) (blocks []block) {
	file := ""
	for _, m := range regexp.MustCompile("(?m)^`([a-z./]+)`$|^```([a-z]+)\n((?s).*?)^```$").FindAllStringSubmatch(text, -1) {
		if m[1] != "" {
			file = m[1]
			continue
		}
		blocks = append(blocks, block{m[2], file, m[3]})
	}
	return blocks
}

// A student follows README in a directory of its own.
type student struct {
	t       *testing.T
	dir     string // of the project
	port    string
	running *exec.Cmd
	out     safeBuffer
}

func newStudent(t *testing.T) *student {
	t.Helper()
	_, port, err := net.SplitHostPort(freeAddr(t))
	if err != nil {
		t.Fatal(err)
	}
	s := &student{t: t, dir: filepath.Join(t.TempDir(), "notes"), port: port}
	t.Cleanup(func() {
		s.interrupt(syscall.SIGINT)
		if t.Failed() {
			t.Logf("the shell said:\n%s", s.out.String())
		}
	})
	return s
}

// shell runs a block in the place that the block before has left it in. What
// serves is left running, in the place of what ran before.
func (s *student) shell(text string) {
	s.t.Helper()
	dir := s.dir
	if strings.HasPrefix(text, "make new") {
		dir = ".."
	}
	text = strings.NewReplacer("../notes", s.dir, ":8000", ":"+s.port).Replace(text)
	cmd := exec.Command("bash", "-euc", text)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &s.out, &s.out
	cmd.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=0", "PORT="+s.port, "QUALITY=1", "GOPROXY=off")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // to be interrupted as by a terminal
	cmd.WaitDelay = 10 * time.Second
	if !strings.Contains(text, "make dev") && !strings.Contains(text, "bin/server") {
		if err := cmd.Run(); err != nil {
			s.t.Fatalf("%v\n%s", err, text)
		}
		return
	}
	s.interrupt(syscall.SIGINT)
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.running = cmd
	untilBuilds(s.t, "something answers", func() bool {
		conn, err := net.Dial("tcp", "localhost:"+s.port)
		if err != nil {
			return false
		}
		conn.Close()
		return true
	})
}

// interrupt ends what runs with a signal, as Ctrl-C does, and waits for it.
func (s *student) interrupt(sig syscall.Signal) {
	if s.running == nil {
		return
	}
	_ = syscall.Kill(-s.running.Process.Pid, sig) // it may have ended
	_ = s.running.Wait()                          // by the signal
	s.running = nil
}

// put gives each declaration of a block its place in a file.
func (s *student) put(b block) {
	s.t.Helper()
	name := filepath.Join(s.dir, b.file)
	source, err := os.ReadFile(name)
	if err != nil {
		s.t.Fatal(err)
	}
	text := string(source)
	for id, decl := range declarations(s.t, "package p\n"+b.text) {
		if old, there := declarations(s.t, text)[id]; there {
			text = strings.Replace(text, old, decl, 1)
		} else {
			text += "\n" + decl + "\n"
		}
	}
	write(s.t, name, text)
}

// declarations returns a file's declarations, with their comments, by name.
func declarations(t *testing.T, text string) map[string]string {
	t.Helper()
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, "", text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	found := map[string]string{}
	for _, d := range syntax.Decls {
		name, doc := declared(d)
		from := d.Pos()
		if doc != nil {
			from = doc.Pos()
		}
		found[name] = text[files.Position(from).Offset:files.Position(d.End()).Offset]
	}
	return found
}

// declared returns what a declaration declares, the first if there are several.
func declared(d ast.Decl) (name string, doc *ast.CommentGroup) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return d.Name.Name, d.Doc
	case *ast.GenDecl:
		switch first := d.Specs[0].(type) {
		case *ast.TypeSpec:
			return first.Name.Name, d.Doc
		case *ast.ValueSpec:
			return first.Names[0].Name, d.Doc
		}
	}
	return "imports", nil
}

// A block that is wrong fails here. What is in a text block must be what the
// panel says.
func TestProjectOfTheTutorialInREADMEWorks(t *testing.T) {
	t.Parallel()
	s, b := newStudent(t), openTab(t)
	for _, step := range tutorial(t) {
		switch step.lang {
		case "sh":
			s.shell(step.text)
			if strings.Contains(step.text, "make dev") {
				b.navigate("http://localhost:" + s.port + "/")
				untilBuilt(t, &s.out)
			}
			b.eventually("the page is live", live)
		case "go":
			s.put(step)
		case "text":
			b.eventually("the panel says "+step.text, overlay+`?.includes(`+quoted(strings.TrimSpace(step.text))+`)`)
		default:
			t.Fatalf("a block of %s", step.lang)
		}
		if step.file == "server/main.go" && strings.Contains(step.text, "note.Line") {
			b.eventually("both halves agree", live)
		}
		if step.file == "app/page/home.go" && strings.Contains(step.text, "StrikeOut") {
			b.eventually("notes can be struck out", live+` && document.querySelector("#notes button")`)
		}
	}

	b.eventually("the note of step 1 is shown", listed("from a shell"))
	b.writeNote("another")
	b.eventually("the next one is shown", listed("another"))
	const find = `[...document.querySelectorAll("#notes li")].find(e => e.textContent.includes("from a shell"))`
	eval[any](b, find+`.querySelector("button").click()`)
	struck := `document.querySelector("#notes li s")?.textContent === "from a shell" && ` + listed("another")
	b.eventually("the first one is struck out", struck)

	s.interrupt(syscall.SIGKILL)
	b.eventually("the page says that it waits", `document.querySelector("#status").textContent.startsWith("reconnecting")`)
	s.shell("bin/server -addr localhost:8000")
	b.eventually("the page is back", live)
	b.navigate("http://localhost:" + s.port + "/?wasm=false") // what the server draws
	b.eventually("it is still struck out", struck)

	write(t, filepath.Join(s.dir, "server", "struck_test.go"), struckTest)
	s.shell("make test")
}

// struckTest is a test of the project, beside the template's. It finds a note struck
// out whose events have left the log.
const struckTest = `package main

import (
	"fmt"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
)

func TestStruckOutNoteStaysSoWhenItsEventsHaveLeftTheLog(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{MaxEvents: 50})
	url, stop := start(t, log)
	note := call(t, url, "notes.write", "{\"text\":\"milk\"}")
	call(t, url, "notes.strike_out", "{\"note\":"+note+"}")
	for i := range 100 {
		call(t, url, "notes.write", fmt.Sprintf("{\"text\":\"another %d\"}", i))
	}
	stop()
	if left, err := log.State(t.Context()); err != nil || left.First <= 1 {
		t.Fatalf("the log holds the events from number %d on, %v", left.First, err)
	}
	url, _ = start(t, log)
	find(t, url+state, "\"text\":\"milk\",\"done\":true")
	find(t, url+"/", "<s>milk</s>")
}
`
