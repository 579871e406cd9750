package e2e_test

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// run runs the program to its end.
func run(t *testing.T, env []string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Env = append(os.Environ(), env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	watchdog := time.AfterFunc(waitLimit, func() { cmd.Process.Kill() })
	defer watchdog.Stop()
	cmd.Wait() // the status shows the result
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestProgramThatCannotStartSaysWhyInOneLine(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	running := startServer(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	spoilt := spoiltKey(t)
	for _, tc := range []struct {
		name   string
		args   []string
		env    []string
		status int
		says   string
	}{
		{"port taken", []string{"-addr", taken.Addr().String(), "-data", t.TempDir()}, nil, 1, "address already in use"},
		{"port taken, by environment", []string{"-data", t.TempDir()}, []string{"SEAWAY_ADDR=" + taken.Addr().String()}, 1, "address already in use"},
		{"directory locked", []string{"-addr", "127.0.0.1:0", "-data", running.data}, nil, 1, "lock"},
		{"directory locked, by environment", []string{"-addr", "127.0.0.1:0"}, []string{"SEAWAY_DATA=" + running.data}, 1, "lock"},
		{"directory below a file", []string{"-addr", "127.0.0.1:0", "-data", filepath.Join(file, "data")}, nil, 1, "not a directory"},
		{"directory that cannot be made", []string{"-addr", "127.0.0.1:0", "-data", "/proc/seaway"}, nil, 1, "/proc/seaway"},
		{"bad address", []string{"-addr", "nowhere", "-data", t.TempDir()}, nil, 1, "nowhere"},
		{"certificate without a key", []string{"-tls-cert", file}, nil, 2, "-tls-key"},
		{"certificate that is none", []string{"-addr", "127.0.0.1:0", "-tls-cert", file, "-tls-key", file}, nil, 1, "certificate"},
		{"session key that is none", []string{"-addr", "127.0.0.1:0", "-data", spoilt}, nil, 1, "session.key"},
		{"session key that is not there", []string{"-addr", "127.0.0.1:0", "-data", t.TempDir(), "-session-key", file + "s"}, nil, 1, file + "s"},
		{"session key that is none, by environment", []string{"-addr", "127.0.0.1:0", "-data", t.TempDir()}, []string{"SEAWAY_SESSION_KEY=" + file}, 1, "64 hexadecimal digits"},
		{"unknown flag", []string{"-colour", "blue"}, nil, 2, "-colour"},
		{"flag without a value", []string{"-addr"}, nil, 2, "-addr"},
		{"argument", []string{"start"}, nil, 2, "start"},
		{"bad origin", []string{"-addr", "127.0.0.1:0", "-data", t.TempDir(), "-origins", "example.com"}, nil, 1, "example.com"},
	} {
		status, _, stderr := run(t, tc.env, tc.args...)
		lines := strings.Split(strings.TrimSpace(stderr), "\n")
		if status != tc.status || len(lines) != 1 || !strings.Contains(stderr, tc.says) || !strings.HasPrefix(stderr, "seaway: ") {
			t.Errorf("%s: exit status %d (want %d), stderr %q (want one line with %q)", tc.name, status, tc.status, stderr, tc.says)
		}
	}
	running.post("ann", "still served")
}

// spoiltKey returns the data directory of a server whose key file was damaged.
func spoiltKey(t *testing.T) (dir string) {
	t.Helper()
	s := startServer(t)
	s.terminate()
	if err := os.WriteFile(filepath.Join(s.data, "session.key"), []byte("oops"), 0o600); err != nil {
		t.Fatal(err)
	}
	return s.data
}

func TestHelpAndVersionAreNoErrors(t *testing.T) {
	t.Parallel()
	if status, out, errs := run(t, nil, "-help"); status != 0 || !strings.Contains(out, "-addr") || errs != "" {
		t.Errorf("-help: status %d, %q, %q", status, out, errs)
	}
	if status, out, _ := run(t, nil, "-version"); status != 0 || !strings.HasPrefix(out, "seaway ") {
		t.Errorf("-version: status %d, %q", status, out)
	}
}

// SIGTERM ends streams with a bye and the program with status 0, also when a
// client neither reads nor disconnects: without a grace period it would not end at
// all.
func TestSIGTERMSaysByeAndEnds(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	resp, err := http.Get(s.url + "/events?topic=room.lobby")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	stuck, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer stuck.Close()
	stuck.Write([]byte("GET /events?topic=clock HTTP/1.1\r\nHost: x\r\n\r\n"))
	idle, err := net.Dial("tcp", s.addr) // has sent half a request
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	idle.Write([]byte("POST /commands/chat.post HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nContent-Type: application/json\r\n\r\n{"))
	if status := s.terminate(); status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
	last := ""
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			last = name
		}
	}
	if last != "bye" {
		t.Errorf("the stream's last frame is %q, want bye", last)
	}
	s.start()
	s.post("ann", "the log is in order")
}

func TestProgramOpensOnePortOnly(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	if n := listeners(t, s.cmd.Process.Pid); n != 1 {
		t.Errorf("%d listening sockets, want the one for HTTP", n)
	}
}

// listeners counts a process's listening TCP sockets.
func listeners(t *testing.T, pid int) (n int) {
	t.Helper()
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	inodes := map[string]bool{}
	fds, err := os.ReadDir(filepath.Join(dir, "fd"))
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		link, err := os.Readlink(filepath.Join(dir, "fd", fd.Name()))
		if inode, ok := strings.CutPrefix(link, "socket:["); err == nil && ok {
			inodes[strings.TrimSuffix(inode, "]")] = true
		}
	}
	for _, table := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile(filepath.Join(dir, "net", table))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			const listening, stateField, inodeField = "0A", 3, 9
			if f := strings.Fields(line); len(f) > inodeField && f[stateField] == listening && inodes[f[inodeField]] {
				n++
			}
		}
	}
	return n
}
