package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// startTime bounds how long a server may take to listen.
	startTime = 30 * time.Second
	// stopTime bounds how long it may take to end after SIGTERM.
	stopTime = 10 * time.Second
)

// A process is a running server. Its owner must stop it, which waits for its end.
type process struct {
	cmd  *exec.Cmd
	addr string
	tail *tail
	done chan struct{} // closed when it has ended
	err  error         // why, after done
}

// launch starts the program on a free port. Its output goes to out.
func launch(program, dir string, args []string, out io.Writer) (*process, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	p := &process{addr: addr, tail: &tail{}, done: make(chan struct{})}
	p.cmd = exec.Command(program, append([]string{"-addr", addr}, args...)...)
	p.cmd.Dir = dir
	p.cmd.Stdout, p.cmd.Stderr = out, io.MultiWriter(out, p.tail)
	p.cmd.WaitDelay = time.Second // a grandchild may hold its output open
	newGroup(p.cmd)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// freeAddr returns an address on which no program listens. Another program may
// take it before the server does; then the server fails with that error, and the
// next save tries again.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// ready returns when the server accepts connections. If the server ends instead,
// the error has its output.
func (p *process) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	for {
		if conn, err := net.DialTimeout("tcp", p.addr, time.Second); err == nil {
			return conn.Close()
		}
		select {
		case <-p.done:
			return p.ended()
		case <-ctx.Done():
			return errors.New("the server does not listen on the address that -addr gave it")
		case <-every.C:
		}
	}
}

// ended returns an error with the output of a server that has ended.
func (p *process) ended() error {
	return &failedBuild{fmt.Sprintf("The server has ended: %v\n\n%s", p.cmd.ProcessState, p.tail)}
}

// stop ends the server and waits for it.
func (p *process) stop() {
	if p == nil {
		return
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		_ = p.cmd.Process.Kill() // a system without SIGTERM
	}
	select {
	case <-p.done:
	case <-time.After(stopTime):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// tail keeps the end of a server's output.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 8 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if extra := len(t.text) - tailSize; extra > 0 {
		t.text = append([]byte(nil), t.text[extra:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.ToValidUTF8(string(t.text), "")
}

// running reports whether the server has not ended.
func (p *process) running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}
