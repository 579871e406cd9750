// Package process runs a server under test as a process of its own and reads
// what the kernel has charged it.
//
// A process is ended by its own id, with SIGTERM and after a grace time with
// SIGKILL, and does not outlive the program that started it.
package process

import (
	"bytes"
	"fmt"
	"net"
	"os/exec"
	"syscall"
	"time"
)

const (
	startTime = 10 * time.Second // to accept connections
	graceTime = 6 * time.Second  // to end after SIGTERM
)

// A Process is a running server. Make it with [Start].
type Process struct {
	Addr string // that it was told to listen on

	cmd    *exec.Cmd
	stderr bytes.Buffer
	ended  chan struct{}
}

// Start runs a program that takes -addr, with a free port of 127.0.0.1, and
// returns when it accepts connections. The caller must Stop it.
func Start(name string, args ...string) (*Process, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	p := &Process{Addr: addr, ended: make(chan struct{})}
	p.cmd = exec.Command(name, append(args, "-addr", addr)...)
	p.cmd.Stderr = &p.stderr
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("process: %w", err)
	}
	go func() {
		_ = p.cmd.Wait() // how it ended matters to nobody, only that it did
		close(p.ended)
	}()
	if err := p.awaitAccept(); err != nil {
		p.Stop()
		return nil, err
	}
	return p, nil
}

// Stop ends the process and waits for its end.
func (p *Process) Stop() {
	// Signalling a process that has ended is no harm: it has been waited for,
	// and the package knows.
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(graceTime):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
}

// Stderr returns what the process has written there. It may be called after
// Stop.
func (p *Process) Stderr() string { return p.stderr.String() }

func (p *Process) awaitAccept() error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(startTime)
	for {
		conn, err := net.DialTimeout("tcp", p.Addr, time.Second)
		if err == nil {
			conn.Close()
			return nil
		}
		select {
		case <-tick.C:
		case <-p.ended:
			return fmt.Errorf("process: %s ended at once: %s", p.cmd.Path, p.Stderr())
		case <-deadline:
			return fmt.Errorf("process: %s does not accept connections", p.cmd.Path)
		}
	}
}

// freeAddr returns a port that is free now. Somebody may take it before the
// server does, which then says so.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("process: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}
