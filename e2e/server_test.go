package e2e_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	gosse "github.com/tmaxmax/go-sse"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// A server is a running bin/seaway, or another build of it. It keeps its address
// and its data over a restart.
type server struct {
	t      testing.TB
	binary string
	addr   string
	url    string
	data   string
	flags  []string
	cmd    *exec.Cmd
	logs   safeBuffer // what it wrote to stderr, over all its lives
	access safeBuffer
	client *http.Client
}

// safeBuffer is written by a process's copier and read by a test.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func startServer(t testing.TB, flags ...string) *server {
	t.Helper()
	return startBinary(t, binary, flags...)
}

// startBinary starts another program than the one under test.
func startBinary(t testing.TB, binary string, flags ...string) *server {
	t.Helper()
	addr := freeAddr(t)
	s := &server{t: t, binary: binary, addr: addr, url: "http://" + addr, data: t.TempDir(), flags: flags, client: http.DefaultClient}
	if slices.Contains(flags, "-tls-cert") {
		s.url = "https://" + addr
		insecure := &tls.Config{InsecureSkipVerify: true} // the certificate is the test's own
		s.client = &http.Client{Transport: &http.Transport{TLSClientConfig: insecure, ForceAttemptHTTP2: true}}
		t.Cleanup(s.client.CloseIdleConnections)
	}
	t.Cleanup(func() {
		if s.cmd != nil {
			s.kill()
		}
		if t.Failed() {
			t.Logf("the server's log:\n%s", s.logs.String())
		}
	})
	s.start()
	return s
}

func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start runs the program and returns when it answers.
func (s *server) start() {
	s.t.Helper()
	s.cmd = exec.Command(s.binary, append([]string{"-addr", s.addr, "-data", s.data}, s.flags...)...)
	s.cmd.Stdout, s.cmd.Stderr = &s.access, &s.logs
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	until(s.t, "the server answers", func() bool {
		resp, err := s.client.Get(s.url + "/app.js")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == 200
	})
}

// kill ends the program as a crash would.
func (s *server) kill() {
	s.cmd.Process.Signal(syscall.SIGKILL)
	s.cmd.Wait()
	s.cmd = nil
}

// terminate ends it gracefully and returns its exit status, -1 if it did not end
// by itself.
func (s *server) terminate() (status int) {
	s.t.Helper()
	process := s.cmd.Process
	process.Signal(syscall.SIGTERM)
	limit := time.AfterFunc(waitLimit, func() { process.Kill() })
	defer limit.Stop()
	s.cmd.Wait() // the status shows the result
	status = s.cmd.ProcessState.ExitCode()
	s.cmd = nil
	return status
}

// post writes a message and returns its event's id. It tries again, as the page
// does, while the server is away.
func (s *server) post(author, text string, opts ...command.CallOption) string {
	s.t.Helper()
	req := chat.PostRequest{Room: "lobby", Author: author, Text: text}
	reply, err := command.Call(s.t.Context(), chat.Post.Command(), req, append(opts, command.To(s.url))...)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply.Reply.ID.String()
}

// postTo writes a message into a room.
func (s *server) postTo(room, author, text string) {
	s.t.Helper()
	req := chat.PostRequest{Room: room, Author: author, Text: text}
	if _, err := command.Call(s.t.Context(), chat.Post.Command(), req, command.To(s.url)); err != nil {
		s.t.Fatal(err)
	}
}

// events reads n events of a stream, leaving out what is not one.
func (s *server) events(query string, n int) []gosse.Event {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), waitLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/events?"+query, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	var all []gosse.Event
	for e, err := range gosse.Read(resp.Body, nil) {
		if err != nil {
			s.t.Fatalf("after %d of %d events: %v", len(all), n, err)
		}
		if !strings.Contains(e.Type, ".") {
			continue // a control frame
		}
		if all = append(all, e); len(all) == n {
			break
		}
	}
	return all
}
