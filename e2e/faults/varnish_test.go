package faults_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/e2e/faults/program"
)

// Varnish passes on what it knows to be whole, and on a quiet topic no more comes
// for a heartbeat interval, which is longer here than the test waits.
func TestHelloComesThroughVarnishAtOnce(t *testing.T) {
	t.Parallel()
	p := program.Start(t, "-heartbeat", "3m")
	for name, recv := range map[string]string{"without pipe": "", "with pipe": `if (req.url ~ "^/events") { return (pipe); }`} {
		url := varnish(t, p.Addr, recv)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/events?topic=room.quiet", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		defer resp.Body.Close()
		hello := ""
		for lines := bufio.NewScanner(resp.Body); lines.Scan() && lines.Text() != ""; {
			hello += lines.Text() + "\n"
		}
		if !strings.Contains(hello, "event: hello\n") {
			t.Errorf("%s: after a minute there is %q, %v", name, hello, ctx.Err())
		}
	}
}

// varnish runs one in front of a server and returns its address.
func varnish(t *testing.T, server, recv string) string {
	t.Helper()
	host, port, err := net.SplitHostPort(server)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "varnish")
	if err != nil {
		t.Fatal(err)
	}
	vcl := filepath.Join(dir, "test.vcl")
	text := fmt.Sprintf("vcl 4.1;\nbackend default { .host = %q; .port = %q; }\nsub vcl_recv { %s }\n", host, port, recv)
	if err := os.WriteFile(vcl, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	addr := program.FreeAddr(t)
	// Without its jail it needs no user and no directory of its own.
	cmd := exec.Command("varnishd", "-F", "-j", "none", "-n", filepath.Join(dir, "state"), "-a", addr, "-f", vcl, "-s", "malloc,16m")
	cmd.Env = append(os.Environ(), "PATH="+os.Getenv("PATH")+":/usr/sbin")
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	if cmd.Path, err = exec.LookPath("varnishd"); err != nil {
		cmd.Path, cmd.Err = "/usr/sbin/varnishd", nil
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("varnishd: %v (e2e/faults/install.sh)", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		os.RemoveAll(dir)
		if t.Failed() {
			t.Log(log.String())
		}
	})
	program.Until(t, time.Minute, "varnish answers", func() bool {
		resp, err := http.Get("http://" + addr + "/robots.txt")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return "http://" + addr
}
