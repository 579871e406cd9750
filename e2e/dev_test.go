package e2e_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A developer has a project, and `make dev` running in it.
type developer struct {
	t   *testing.T
	dir string
	url string
	cmd *exec.Cmd
	out safeBuffer
}

// develop starts web/dev in a project, by itself: go run would stand between it
// and its signals.
func develop(t *testing.T, dir, addr string) *developer {
	t.Helper()
	program := filepath.Join(t.TempDir(), "dev")
	if out, err := exec.Command("go", "build", "-C", "..", "-o", program, "./web/dev").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	d := &developer{t: t, dir: dir, url: "http://" + addr}
	d.cmd = exec.Command(program, "-addr", addr)
	d.cmd.Dir, d.cmd.Stdout, d.cmd.Stderr = dir, &d.out, &d.out
	d.cmd.WaitDelay = 10 * time.Second // a server that is left would hold the output open
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if d.cmd != nil {
			d.end()
		}
		if t.Failed() {
			t.Logf("make dev said:\n%s", d.out.String())
		}
	})
	return d
}

// eventually is until for what waits for a build.
func (b *tab) eventually(what, expr string) {
	b.t.Helper()
	defer func() {
		if b.t.Failed() {
			b.t.Logf("the page: %s", eval[string](b, `location.href + " " + document.body?.innerText`))
		}
	}()
	untilBuilds(b.t, what, func() bool { return b.holds(expr) })
}

// untilBuilt waits for the first build of make dev.
func untilBuilt(t *testing.T, out *safeBuffer) {
	t.Helper()
	untilBuilds(t, "the first build is there", func() bool { return strings.Contains(out.String(), "built and started") })
}

// edit replaces a text of a file, which must be there once.
func (d *developer) edit(file, old, new string) {
	d.t.Helper()
	name := filepath.Join(d.dir, file)
	source, err := os.ReadFile(name)
	if err != nil {
		d.t.Fatal(err)
	}
	if n := strings.Count(string(source), old); n != 1 {
		d.t.Fatalf("%s holds %q %d times, want once", file, old, n)
	}
	write(d.t, name, strings.Replace(string(source), old, new, 1))
}

// end interrupts it, as Ctrl-C does, and returns its exit status.
func (d *developer) end() int {
	d.t.Helper()
	d.cmd.Process.Signal(syscall.SIGINT)
	err := d.cmd.Wait()
	d.cmd = nil
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return 0
}

// servers returns the processes that run the developer's server.
func (d *developer) servers() (pids []int) {
	d.t.Helper()
	programs, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		d.t.Fatal(err)
	}
	for _, p := range programs {
		if target, err := os.Readlink(p); err == nil && strings.HasPrefix(target, d.dir+string(filepath.Separator)) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(p))) // digits, by the pattern
			pids = append(pids, pid)
		}
	}
	return pids
}

const live = `!document.querySelector("#dev-failure") && document.querySelector("#status")?.textContent === "live"`

const overlay = `document.querySelector("#dev-failure")?.textContent`

func TestProjectShowsDevelopersWhatTheySave(t *testing.T) {
	t.Parallel()
	// Another page was served at the address, and left its service worker.
	s := startServer(t)
	b := openPage(t, s)
	b.untilControlled()
	s.terminate()

	d := develop(t, makeProject(t, "example.org/somebody/notes"), s.addr)
	untilBuilds(t, "the address is there", func() bool { return strings.Contains(d.out.String(), d.url) })
	b.navigate(d.url + "/") // before there is a server: the page waits for it
	untilBuilt(t, &d.out)
	b.eventually("the page has loaded itself anew", `document.querySelector("h1")?.textContent === "Notes"`)
	b.eventually("the page is live", live)
	b.writeNote("kept in the log")
	b.eventually("the stream passes through", listed("kept in the log"))
	if err := chromedp.Do(b.ctx, chromedp.SendKeys(chromedp.ID("text"), "not sent yet")); err != nil {
		t.Fatal(err)
	}

	d.edit("app/page/home.go", `Text("Notes")`, `Text("What we know")`)
	b.eventually("the page shows the new text", `document.querySelector("h1")?.textContent === "What we know"`)
	b.eventually("the page is live", live)
	b.eventually("what was typed is typed again", `document.querySelector("#text").value === "not sent yet"`)
	b.eventually("the log has gone on", listed("kept in the log"))

	// A field is renamed. The server draws the page, too, so the page's line is
	// named first, and the server's once that is mended. What was there before
	// goes on below.
	d.edit("shared/notes/notes.go", "Text string `json", "Words string `json")
	b.eventually("the panel names the page's line", overlay+`?.includes("app/page/home.go:")`)
	d.edit("app/page/home.go", "Notes[i].Text)", "Notes[i].Words)")
	d.edit("app/page/home.go", "notes.Note{Text:", "notes.Note{Words:")
	b.eventually("the panel names the server's line", overlay+`?.includes("server/main.go:")`)
	b.writeNote("while it does not compile")
	b.eventually("the last good server goes on", listed("not sent yetwhile it does not compile"))
	b.screenshot("dev-failure")

	d.edit("server/main.go", "note.Text", "note.Words")
	b.eventually("the panel goes", `!document.querySelector("#dev-failure")`)
	b.eventually("the page is live", live)
	b.eventually("the log has gone on", listed("not sent yetwhile it does not compile"))

	// An error at run time ends the server: the page shows its output.
	d.edit("server/main.go", "\tsrv, err := live.New", "\tpanic(`<b>not today</b>`)\n\tsrv, err := live.New")
	b.eventually("the panel shows the server's end", overlay+`?.includes("panic: <b>not today</b>")`)
	d.edit("server/main.go", "\tpanic(`<b>not today</b>`)\n", "")
	b.eventually("the server is back", live)

	// So are those of one that ends later. The next save starts another.
	running := d.servers()
	if len(running) != 1 {
		t.Fatalf("%d servers run, want 1", len(running))
	}
	if err := syscall.Kill(running[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	b.eventually("the panel shows that it was killed", overlay+`?.includes("signal: killed")`)
	d.edit("server/main.go", "package main", "package main")
	b.eventually("the server is back", live)

	if status := d.end(); status != 0 || len(d.servers()) != 0 {
		t.Errorf("after an interrupt: exit status %d, servers %v are left", status, d.servers())
	}
}
