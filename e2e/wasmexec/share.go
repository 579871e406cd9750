package main

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// socketVariable names the socket by which the wasmexecs of a command share the
// browsers of the one that runs the command.
const socketVariable = "WASMEXEC_SOCKET"

// runCommand runs a command, such as go test, and returns its exit code. The
// browsers of the wasmexecs that it runs are kept until it ends.
func runCommand(ctx context.Context, command []string) (int, error) {
	dir, err := os.MkdirTemp("", "wasmexec-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	socket := filepath.Join(dir, "socket")
	stop, err := share(socket)
	if err != nil {
		return 0, err
	}
	defer stop()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = append(os.Environ(), socketVariable+"="+socket)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	err = cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.Exited() {
		return exit.ExitCode(), nil
	}
	return 0, err
}

// share runs the tests that others ask for by the socket, until stop.
func share(socket string) (stop func(), err error) {
	l, err := net.Listen("unix", socket)
	if err != nil {
		return nil, err
	}
	browsers := newPool()
	ctx, cancel := context.WithCancel(context.Background())
	var served sync.WaitGroup
	served.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return // it was closed
			}
			served.Go(func() { answer(ctx, conn, browsers) })
		}
	})
	return func() {
		l.Close()
		cancel()
		served.Wait()
		browsers.close()
	}, nil
}

// A part is what one who asked for a test is sent: some output, or at last how
// the test has ended.
type part struct {
	Stdout, Stderr []byte
	Ended          bool
	Code           int
	Failure        string // empty if it ran
}

// answer runs the test that is asked for. It ends when the other side has gone.
func answer(ctx context.Context, conn net.Conn, browsers *pool) {
	defer conn.Close()
	var t test
	in, out := json.NewDecoder(conn), &parts{to: json.NewEncoder(conn)}
	if in.Decode(&t) != nil {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // ends with the connection
		in.Decode(&struct{}{})
		cancel()
	}()
	code, err := t.run(ctx, browsers, out.writer(func(p []byte) part { return part{Stdout: p} }), out.writer(func(p []byte) part { return part{Stderr: p} }))
	end := part{Ended: true, Code: code}
	if err != nil {
		end.Failure = err.Error()
	}
	out.send(end)
}

// parts sends parts, one at a time.
type parts struct {
	mu sync.Mutex
	to *json.Encoder
}

func (p *parts) send(one part) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.to.Encode(one)
}

// writer returns a writer that sends what is written as parts.
func (p *parts) writer(wrap func([]byte) part) writerFunc {
	return func(text []byte) (int, error) { return len(text), p.send(wrap(text)) }
}

type writerFunc func([]byte) (int, error)

func (w writerFunc) Write(p []byte) (int, error) { return w(p) }

// ask has a test run by the wasmexec at the socket.
func ask(ctx context.Context, socket string, t test) (int, error) {
	conn, err := (&net.Dialer{Timeout: time.Minute}).DialContext(ctx, "unix", socket)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if err := json.NewEncoder(conn).Encode(t); err != nil {
		return 0, err
	}
	for in := json.NewDecoder(conn); ; {
		var p part
		if err := in.Decode(&p); err != nil {
			return 0, errors.Join(context.Cause(ctx), err)
		}
		os.Stdout.Write(p.Stdout)
		os.Stderr.Write(p.Stderr)
		if p.Failure != "" {
			return 0, errors.New(p.Failure)
		}
		if p.Ended {
			return p.Code, nil
		}
	}
}
