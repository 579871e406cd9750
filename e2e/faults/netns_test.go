package faults_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A network is a namespace of its own, joined to this one by a pair of
// interfaces.
type network struct {
	name string
	here string // the address of this side
}

// newNetwork makes the network number n of this test run.
func newNetwork(t *testing.T, n int) *network {
	t.Helper()
	id := fmt.Sprintf("%d-%d", os.Getpid()%10000, n)
	net := &network{name: "seaway" + id, here: fmt.Sprintf("10.213.%d.1", n)}
	near, far := "sw"+id+"a", "sw"+id+"b"
	run(t, "ip", "netns", "add", net.name)
	t.Cleanup(func() { run(t, "ip", "netns", "del", net.name) }) // and the interfaces with it
	run(t, "ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", net.name)
	run(t, "ip", "addr", "add", net.here+"/24", "dev", near)
	run(t, "ip", "link", "set", near, "up")
	net.run(t, "ip", "addr", "add", fmt.Sprintf("10.213.%d.2/24", n), "dev", far)
	net.run(t, "ip", "link", "set", far, "up")
	return net
}

// run runs a command in the network.
func (n *network) run(t *testing.T, args ...string) {
	t.Helper()
	run(t, append([]string{"ip", "netns", "exec", n.name}, args...)...)
}

// cut drops all that goes in and out, without a word to either side.
func (n *network) cut(t *testing.T) {
	t.Helper()
	n.run(t, "iptables", "-A", "INPUT", "-j", "DROP")
	n.run(t, "iptables", "-A", "OUTPUT", "-j", "DROP")
}

// dial connects from inside the network. A socket belongs to the namespace of the
// thread that makes it.
func (n *network) dial(ctx context.Context, proto, addr string) (net.Conn, error) {
	there, err := os.Open("/run/netns/" + n.name)
	if err != nil {
		return nil, err
	}
	defer there.Close()
	type dialled struct {
		conn net.Conn
		err  error
	}
	done := make(chan dialled, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		if err := unix.Setns(int(there.Fd()), unix.CLONE_NEWNET); err != nil {
			done <- dialled{nil, err}
			return
		}
		conn, err := (&net.Dialer{}).DialContext(ctx, proto, addr)
		done <- dialled{conn, err}
	}()
	d := <-done
	return d.conn, d.err
}

// run runs a command and fails the test if it fails.
func run(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "PATH="+os.Getenv("PATH")+":/usr/sbin")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s (it needs root, iproute2 and iptables)", strings.Join(args, " "), err, out)
	}
}
