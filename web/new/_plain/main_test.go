package main

import (
	"bufio"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// The test's own program is also the server, if SERVE has an address.
func TestMain(m *testing.M) {
	if os.Getenv("SERVE") != "" {
		os.Args = []string{"server", "-addr", os.Getenv("SERVE")}
		main()
	}
	os.Exit(m.Run())
}

func TestLinesOutliveTheServer(t *testing.T) {
	dir := t.TempDir()
	address, kill := serve(t, dir)
	resp, err := http.PostForm(address+"/say", url.Values{"text": {"hello"}})
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp, err)
	}
	resp.Body.Close()
	kill()

	address, kill = serve(t, dir)
	defer kill()
	stream, err := http.Get(address + "/events?topic=room&last=2")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	for lines := bufio.NewScanner(stream.Body); lines.Scan(); {
		if lines.Text() == `data: {"Text":"hello"}` {
			return
		}
	}
	t.Error("the stream does not have the line from before the server was killed")
}

// serve starts the server in a directory, and returns its address once it answers.
func serve(t *testing.T, dir string) (address string, kill func()) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var output strings.Builder
	cmd := exec.Command(program)
	cmd.Dir, cmd.Env, cmd.Stderr = dir, append(os.Environ(), "SERVE="+addr), &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() { cmd.Process.Kill(); cmd.Wait() }
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if resp, err := http.Get("http://" + addr + "/"); err == nil {
			resp.Body.Close()
			return "http://" + addr, kill
		}
	}
	kill()
	t.Fatalf("the server does not answer:\n%s", output.String())
	return "", nil
}
