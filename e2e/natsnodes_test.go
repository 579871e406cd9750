package e2e_test

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A natsNode is a nats-server of a cluster, a process of its own, which keeps its
// addresses and its directory over restarts.
type natsNode struct {
	t             *testing.T
	addr, monitor string // of clients, and of its health
	args          []string
	env           []string // beside the test's own
	cmd           *exec.Cmd
	log           safeBuffer
}

// startNATSNodes starts a cluster of three, and returns when it has its leader.
func startNATSNodes(t *testing.T) (nodes []*natsNode, url string) {
	t.Helper()
	program := natsProgram(t)
	routes := []string{freeAddr(t), freeAddr(t), freeAddr(t)}
	var urls []string
	for i, route := range routes {
		n := &natsNode{t: t, addr: freeAddr(t), monitor: freeAddr(t)}
		others := slices.Delete(slices.Clone(routes), i, i+1)
		n.args = []string{
			program, "-js", "-a", "127.0.0.1", "-p", portOf(n.addr), "-m", portOf(n.monitor), "-n", fmt.Sprint("n", i), "-sd", t.TempDir(),
			"-cluster_name", "outlive", "-cluster", "nats://" + route, "-routes", "nats://" + strings.Join(others, ",nats://"),
		}
		t.Cleanup(n.cleanup)
		nodes, urls = append(nodes, n), append(urls, "nats://"+n.addr)
		n.run()
	}
	for _, n := range nodes {
		n.untilHealthy()
	}
	return nodes, strings.Join(urls, ",")
}

// natsProgram returns the path of nats-server.
func natsProgram(t *testing.T) string {
	t.Helper()
	program, err := filepath.Abs(cmp.Or(os.Getenv("NATS_BIN"), filepath.Join("..", "bin", "nats-server")))
	if err == nil {
		_, err = os.Stat(program)
	}
	if err != nil {
		t.Fatalf("this test runs nats-server: make bin/nats-server: %v", err)
	}
	return program
}

func portOf(addr string) string {
	_, port, _ := net.SplitHostPort(addr) // freeAddr's
	return port
}

func (n *natsNode) run() {
	n.t.Helper()
	n.cmd = exec.Command(n.args[0], n.args[1:]...)
	n.cmd.Stderr, n.cmd.Env = &n.log, append(os.Environ(), n.env...)
	if err := n.cmd.Start(); err != nil {
		n.t.Fatal(err)
	}
}

// untilHealthy waits until the node has what its streams hold.
func (n *natsNode) untilHealthy() {
	n.t.Helper()
	until(n.t, "a node of the cluster is healthy", func() bool {
		resp, err := http.Get("http://" + n.monitor + "/healthz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == 200
	})
}

// kill ends the process as a crash would.
func (n *natsNode) kill() {
	n.cmd.Process.Kill()
	n.cmd.Wait()
	n.cmd = nil
}

func (n *natsNode) cleanup() {
	if n.cmd != nil {
		n.kill()
	}
	if n.t.Failed() {
		n.t.Logf("a node's log ends with:\n%s", lastBytes(n.log.String(), 4000))
	}
}

func lastBytes(text string, n int) string { return text[max(0, len(text)-n):] }
