// Package program runs the built bin/seaway as a process of its own, so that a
// test can do to it what happens to processes and machines.
//
//	p := program.Start(t, "-heartbeat", "1s")
//	id := p.Post("lobby", "ann", "hello")
//	p.Kill()
//	p.Start()
//
// SEAWAY_BIN names the program; without it bin/seaway of the checkout is taken.
package program

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// A Program is bin/seaway with an address and a data directory, which it keeps
// over restarts. Its methods fail the test on errors.
type Program struct {
	Addr  string   // host:port of the site
	URL   string   // http://Addr
	Admin string   // host:port of /metrics, /healthz and /readyz
	Data  string   // the data directory
	Flags []string // added to -addr, -admin and -data
	// Binary is the path of the program: that of [Binary], unless it is changed
	// before the start.
	Binary string
	// Through, if it is not empty, is a command with arguments that runs the
	// program: that of a network namespace, or of another user.
	Through []string
	// Access gets the access log; none if it is nil.
	Access io.Writer

	t   testing.TB
	cmd *exec.Cmd
	log output
}

// output is written by a process's copier and read by a test.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

// New returns a program that has not been started. It is killed at the end of
// the test, and what it logged is shown if the test failed.
func New(t testing.TB, flags ...string) *Program {
	t.Helper()
	addr := FreeAddr(t)
	p := &Program{Addr: addr, URL: "http://" + addr, Admin: FreeAddr(t), Data: t.TempDir(), Flags: flags, Binary: Binary(t), t: t}
	t.Cleanup(func() {
		p.Kill()
		if t.Failed() {
			t.Logf("the program's log:\n%s", p.Log())
		}
	})
	return p
}

// Start returns a program that answers.
func Start(t testing.TB, flags ...string) *Program {
	t.Helper()
	p := New(t, flags...)
	p.Start()
	return p
}

// Binary returns the path of the program under test.
func Binary(t testing.TB) string {
	t.Helper()
	name := os.Getenv("SEAWAY_BIN")
	if name == "" {
		name = filepath.Join("..", "..", "bin", "seaway")
	}
	if _, err := os.Stat(name); err != nil {
		t.Fatalf("these tests drive the built program: make build: %v", err)
	}
	path, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// FreeAddr returns an address of 127.0.0.1 on which nothing listens just now.
func FreeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Run starts the process and returns at once.
func (p *Program) Run() {
	p.t.Helper()
	args := append([]string{}, p.Through...)
	args = append(args, p.Binary, "-addr", p.Addr, "-admin", p.Admin, "-data", p.Data, "-no-limits")
	args = append(args, p.Flags...)
	p.cmd = exec.Command(args[0], args[1:]...)
	p.cmd.Stdout, p.cmd.Stderr = p.Access, &p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
}

// Start starts the process and returns when the site answers.
func (p *Program) Start() {
	p.t.Helper()
	p.Run()
	Until(p.t, 30*time.Second, "the program answers", func() bool {
		resp, err := http.Get(p.URL + "/app.js")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK && p.Status("/readyz") == http.StatusOK
	})
}

// Pid returns the process's number.
func (p *Program) Pid() int { return p.cmd.Process.Pid }

// Signal sends a signal to the process.
func (p *Program) Signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) }

// Kill ends the process as a crash would, if it runs.
func (p *Program) Kill() {
	if p.cmd != nil {
		p.Signal(syscall.SIGKILL)
		p.Wait()
	}
}

// Terminate ends the process by SIGTERM and returns its exit status and how long
// it took.
func (p *Program) Terminate() (status int, took time.Duration) {
	begin := time.Now()
	p.Signal(syscall.SIGTERM)
	return p.Wait(), time.Since(begin)
}

// Wait waits for the process's end and returns its exit status, -1 after a kill.
func (p *Program) Wait() (status int) {
	_ = p.cmd.Wait()
	status = p.cmd.ProcessState.ExitCode()
	p.cmd = nil
	return status
}

// Log returns what the process has written to stderr, over all its lives.
func (p *Program) Log() string {
	p.log.mu.Lock()
	defer p.log.mu.Unlock()
	return p.log.text.String()
}

// Post writes a message into a room and returns its event's id. It tries again
// while the program is away.
func (p *Program) Post(room, author, text string, opts ...command.CallOption) string {
	p.t.Helper()
	req := chat.PostRequest{Room: room, Author: author, Text: text}
	reply, err := command.Call(p.t.Context(), chat.Post.Command(), req, append(opts, command.To(p.URL))...)
	if err != nil {
		p.t.Fatal(err)
	}
	return reply.Reply.ID.String()
}

// Status returns the status of a path of the operators' address, 0 if there is
// no answer.
func (p *Program) Status(path string) int {
	client := http.Client{Timeout: 10 * time.Second}
	resp, err := client.Get("http://" + p.Admin + path)
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}

// Until polls every 20 ms: what happens in another process cannot be waited for
// otherwise. It fails the test after the limit.
func Until(t testing.TB, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(limit)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited %v until %s", limit, what)
		}
	}
}
