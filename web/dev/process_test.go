package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// roleEnv makes the test's own program play the server.
const roleEnv = "DEV_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleEnv) {
	case "":
		os.Exit(m.Run())
	case "crash":
		os.Stderr.WriteString("no luck\n")
		os.Exit(3)
	case "serve":
		end := make(chan os.Signal, 1)
		signal.Notify(end, syscall.SIGTERM)
		l, err := net.Listen("tcp", os.Args[2])
		if err != nil {
			os.Exit(4)
		}
		<-end
		l.Close()
		os.Exit(0)
	}
}

func play(t *testing.T, role string) *process {
	t.Helper()
	t.Setenv(roleEnv, role)
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p, err := launch(program, t.TempDir(), nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	return p
}

func TestServerIsReadyWhenItListensAndGoneWhenStopped(t *testing.T) {
	p := play(t, "serve")
	if err := p.ready(t.Context()); err != nil || !p.running() {
		t.Fatalf("%v, running: %v", err, p.running())
	}
	p.stop()
	if p.running() || p.cmd.ProcessState.ExitCode() != 0 {
		t.Errorf("it ended with %v", p.cmd.ProcessState)
	}
	p.stop() // once more does no harm
}

func TestServerThatDoesNotStartLeavesItsOutput(t *testing.T) {
	err := play(t, "crash").ready(t.Context())
	if seen := new(failedBuild); !errors.As(err, &seen) || !strings.Contains(seen.text, "exit status 3") || !strings.Contains(seen.text, "no luck") {
		t.Errorf("got %v", err)
	}
}

func TestTailIsTheEndOfTheOutput(t *testing.T) {
	var tl tail
	for range 3 {
		tl.Write(bytes.Repeat([]byte("x"), tailSize/2))
	}
	tl.Write([]byte("end"))
	if got := tl.String(); len(got) != tailSize || !strings.HasSuffix(got, "xend") {
		t.Errorf("%d bytes, which end in %q", len(got), got[len(got)-8:])
	}
}
