package program

import (
	"cmp"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A Cluster is three NATS servers with JetStream, each a process of its own.
type Cluster struct {
	Servers [3]*NATS

	t testing.TB
}

// A NATS is one nats-server, which keeps its addresses and its directory over
// restarts.
type NATS struct {
	Name string
	Addr string // host:port for clients
	Dir  string // of the store

	args    []string
	t       testing.TB
	cmd     *exec.Cmd
	stopped bool // by SIGSTOP
	log     output
}

// NATSBinary returns the path of nats-server: NATS_BIN, or bin/nats-server of
// the checkout.
func NATSBinary(t testing.TB) string {
	t.Helper()
	path, err := filepath.Abs(cmp.Or(os.Getenv("NATS_BIN"), filepath.Join("..", "..", "bin", "nats-server")))
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Fatalf("these tests run nats-server: make bin/nats-server: %v", err)
	}
	return path
}

// StartCluster returns a cluster that has elected its leader.
func StartCluster(t testing.TB) *Cluster {
	t.Helper()
	c := NewCluster(t)
	c.Start()
	c.AwaitQuorum()
	return c
}

// Start starts all servers that do not run.
func (c *Cluster) Start() {
	c.t.Helper()
	for _, s := range c.Servers {
		if s.cmd == nil {
			s.Start()
		}
	}
}

// NewCluster returns a cluster that has not been started. Its servers are killed
// at the end of the test.
func NewCluster(t testing.TB) *Cluster {
	t.Helper()
	c := &Cluster{t: t}
	var routes []string
	for range c.Servers {
		routes = append(routes, FreeAddr(t))
	}
	for i, route := range routes {
		s := newNATS(t, fmt.Sprint("n", i+1))
		others := slices.Delete(slices.Clone(routes), i, i+1)
		s.args = append(s.args, "-cluster", "nats://"+route, "-cluster_name", "faults",
			"-routes", "nats://"+strings.Join(others, ",nats://"))
		c.Servers[i] = s
	}
	return c
}

// NewNATS returns a server without a cluster that has not been started.
func NewNATS(t testing.TB) *NATS { return newNATS(t, "single") }

func newNATS(t testing.TB, name string) *NATS {
	s := &NATS{Name: name, Addr: FreeAddr(t), Dir: filepath.Join(t.TempDir(), name), t: t}
	_, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	s.args = []string{"-a", "127.0.0.1", "-p", port, "-n", name, "-js", "-sd", s.Dir}
	t.Cleanup(func() {
		s.Kill()
		if t.Failed() {
			t.Logf("nats-server %s:\n%s", name, s.Log())
		}
	})
	return s
}

// Start starts the process and returns at once.
func (s *NATS) Start() {
	s.t.Helper()
	s.cmd, s.stopped = exec.Command(NATSBinary(s.t), s.args...), false
	s.cmd.Stderr = &s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
}

// Kill ends the process as a crash would, if it runs.
func (s *NATS) Kill() {
	if s.cmd != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

// Stop holds the process, with all of its connections open; [NATS.Continue] lets
// it go on.
func (s *NATS) Stop() { s.stopped = s.cmd.Process.Signal(syscall.SIGSTOP) == nil }

// Continue undoes Stop.
func (s *NATS) Continue() {
	_ = s.cmd.Process.Signal(syscall.SIGCONT)
	s.stopped = false
}

// Resume brings the server back, however it was taken away.
func (s *NATS) Resume() {
	s.t.Helper()
	if s.cmd == nil {
		s.Start()
	} else {
		s.Continue()
	}
}

// Log returns what the server has logged, over all its lives.
func (s *NATS) Log() string {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return s.log.text.String()
}

// URL is the client's URL of the server.
func (s *NATS) URL() string { return "nats://" + s.Addr }

// URL is the client's URL of all servers.
func (c *Cluster) URL() string {
	return c.Servers[0].URL() + "," + c.Servers[1].URL() + "," + c.Servers[2].URL()
}

// JetStream returns a client that is connected to one of the servers.
func (c *Cluster) JetStream() jetstream.JetStream {
	c.t.Helper()
	nc, err := nats.Connect(c.URL(), nats.MaxReconnects(-1), nats.RetryOnFailedConnect(true), nats.ReconnectWait(100*time.Millisecond),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(nc.Close)
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(time.Second))
	if err != nil {
		c.t.Fatal(err)
	}
	return js
}

// AwaitQuorum returns when the cluster answers that it has a leader.
func (c *Cluster) AwaitQuorum() {
	c.t.Helper()
	js := c.JetStream()
	Until(c.t, time.Minute, "the cluster answers", func() bool {
		_, err := js.AccountInfo(c.t.Context())
		return err == nil
	})
}

// Leader returns the server that leads the event log's stream, and the others.
func (c *Cluster) Leader() (leader *NATS, others []*NATS) {
	c.t.Helper()
	js, name := c.JetStream(), ""
	Until(c.t, time.Minute, "the stream has a leader", func() bool {
		stream, err := js.Stream(c.t.Context(), "SEAWAY")
		if err == nil {
			name = stream.CachedInfo().Cluster.Leader
		}
		return name != ""
	})
	for _, s := range c.Servers {
		if s.Name == name {
			leader = s
		} else {
			others = append(others, s)
		}
	}
	return leader, others
}
