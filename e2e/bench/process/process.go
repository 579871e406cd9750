// Package process runs a server under test as a process of its own, signals it,
// and reads what the kernel has charged it.
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
	startTime = time.Minute     // to accept connections, on a machine that may be busy
	graceTime = 6 * time.Second // to end after SIGTERM
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
	addr, err := FreeAddr("127.0.0.1")
	if err != nil {
		return nil, err
	}
	p, err := Run(addr, name, args...)
	if err != nil {
		return nil, err
	}
	if err := p.AwaitAccept(); err != nil {
		p.Stop()
		return nil, err
	}
	return p, nil
}

// NoLimits returns the arguments by which the product's program serves one address as much
// as it can. A build before there were limits has none.
func NoLimits(program string) []string {
	help, err := exec.Command(program, "-help").Output()
	if err != nil || !bytes.Contains(help, []byte("-no-limits")) {
		return nil
	}
	return []string{"-no-limits"}
}

// Run runs a program that takes -addr with that address, and returns at once.
// The caller must Stop it, or signal it and wait until it has Ended.
func Run(addr, name string, args ...string) (*Process, error) {
	p := &Process{Addr: addr, ended: make(chan struct{})}
	p.cmd = exec.Command(name, append(args, "-addr", addr)...)
	p.cmd.Stderr = &p.stderr
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("process: %w", err)
	}
	go func() {
		_ = p.cmd.Wait() // Status has what there is to know
		close(p.ended)
	}()
	return p, nil
}

// Signal sends a signal to the process. One that has ended is left alone: it has
// been waited for, and package os knows.
func (p *Process) Signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) }

// Ended is closed when the process has ended.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// Status returns the exit status, -1 after a signal. It may be called when the
// process has ended.
func (p *Process) Status() int { return p.cmd.ProcessState.ExitCode() }

// Stop ends the process and waits for its end.
func (p *Process) Stop() {
	p.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(graceTime):
		p.Signal(syscall.SIGKILL)
		<-p.ended
	}
}

// Stderr returns what the process has written there. It may be called when the
// process has ended.
func (p *Process) Stderr() string { return p.stderr.String() }

// AwaitAccept returns when the process accepts connections, or why it does not.
func (p *Process) AwaitAccept() error {
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

// FreeAddr returns a port of a host's that is free now. Somebody may take it
// before the server does, which then says so.
func FreeAddr(host string) (string, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return "", fmt.Errorf("process: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}
