package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// chromiums are the names that Chromium is installed under.
var chromiums = []string{"chromium", "chromium-browser", "google-chrome"}

// findBrowser returns the path of the browser to use.
func findBrowser(getenv func(string) string) (string, error) {
	names := chromiums
	if name := getenv("BROWSER"); name != "" {
		names = []string{name}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no browser found, looked for %q: install Chromium, or name one in BROWSER", names)
}

// A browser is a running browser with a directory of its own, for its profile
// and for the temporary files that it does not remove when it is killed.
type browser struct {
	cmd    *exec.Cmd
	dir    string
	output lockedBuffer
	ended  chan struct{} // closed when it has ended
}

// launch starts a headless Chromium that opens url. The caller must kill it.
func launch(path, url string) (*browser, error) {
	dir, err := os.MkdirTemp("", "wasmexec-")
	if err != nil {
		return nil, err
	}
	b := &browser{dir: dir, ended: make(chan struct{})}
	b.cmd = exec.Command(path,
		"--headless=new",
		"--no-sandbox", // it opens nothing but the test; root, as in CI containers, has no sandbox
		"--disable-gpu",
		"--disable-dev-shm-usage", // containers have 64 MiB there
		"--no-first-run",
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-sync",
		"--disable-quic",
		"--user-data-dir="+filepath.Join(dir, "profile"),
		url)
	b.cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	b.cmd.Stdout, b.cmd.Stderr = &b.output, &b.output
	// A group of its own, so that its many processes can be ended together.
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := b.cmd.Start(); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	// Wait returns when all processes that hold the output have ended, so that
	// nobody writes to its directory any more; those that hide are not waited for.
	b.cmd.WaitDelay = 5 * time.Second
	go func() { // ends with the browser, at the latest in kill
		_ = b.cmd.Wait() // how it ended makes no difference
		close(b.ended)
	}()
	return b, nil
}

// kill ends the browser, waits for it and removes its directory.
func (b *browser) kill() {
	syscall.Kill(-b.cmd.Process.Pid, syscall.SIGKILL)
	<-b.ended
	os.RemoveAll(b.dir)
}

// said returns what the browser printed.
func (b *browser) said() string { return b.output.String() }

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
