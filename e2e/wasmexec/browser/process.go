package browser

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// A Process is a running browser with a directory of its own, for its profile
// and for the temporary files that it does not remove when it is killed.
type Process struct {
	cmd    *exec.Cmd
	dir    string
	output lockedBuffer
	ended  chan struct{} // closed when it has ended
}

// Launch starts the browser, which opens url. The caller must kill it. More
// arguments may be given in the make's own spelling.
func (p Program) Launch(url string, args ...string) (*Process, error) {
	dir, err := os.MkdirTemp("", "browser-")
	if err != nil {
		return nil, err
	}
	b := &Process{dir: dir, ended: make(chan struct{})}
	if err := b.start(p, url, args); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	go func() { // ends with the browser, at the latest in Kill
		_ = b.cmd.Wait() // how it ended makes no difference
		close(b.ended)
	}()
	return b, nil
}

func (b *Process) start(p Program, url string, extra []string) error {
	profile := filepath.Join(b.dir, "profile")
	if err := os.Mkdir(profile, 0o700); err != nil {
		return err
	}
	args, err := p.Make.prepare(profile, url, p.Preferences)
	if err != nil {
		return err
	}
	b.cmd = exec.Command(p.Path, append(extra, args...)...)
	b.cmd.Env = append(append(os.Environ(), "TMPDIR="+b.dir, "HOME="+b.dir), p.Make.environ...)
	b.cmd.Stdout, b.cmd.Stderr = &b.output, &b.output
	// A group of its own, so that its many processes can be ended together.
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	// Wait returns when all processes that hold the output have ended, so that
	// nobody writes to its directory any more; those that hide are not waited for.
	b.cmd.WaitDelay = 5 * time.Second
	return b.cmd.Start()
}

// Kill ends the browser, waits for it and removes its directory.
func (b *Process) Kill() {
	syscall.Kill(-b.cmd.Process.Pid, syscall.SIGKILL)
	<-b.ended
	os.RemoveAll(b.dir)
}

// KillContent kills the processes in which a Firefox shows pages, and returns how many
// there were. The browser goes on.
func (b *Process) KillContent() (n int) {
	names, _ := filepath.Glob("/proc/[0-9]*/cmdline") // the pattern is good
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil || !bytes.HasSuffix(text, []byte(" tab\x00")) {
			continue // ended, or another kind of process
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if group, groupErr := syscall.Getpgid(pid); err != nil || groupErr != nil || group != b.cmd.Process.Pid {
			continue
		}
		if syscall.Kill(pid, syscall.SIGKILL) == nil {
			n++
		}
	}
	return n
}

// Ended is closed when the browser has ended.
func (b *Process) Ended() <-chan struct{} { return b.ended }

// Output returns what the browser printed.
func (b *Process) Output() string { return b.output.String() }

// A lockedBuffer can be read while a process writes to it.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
