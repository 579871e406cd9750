package faults_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/e2e/faults/program"
)

// Browsers send the text of an event's id field back as it came: the id, the topic
// and the time, with spaces between.
func TestPositionWithTopicAndTimeComesThroughProxies(t *testing.T) {
	t.Parallel()
	p := program.Start(t)
	upstream, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	goProxy := httptest.NewServer(httputil.NewSingleHostReverseProxy(upstream))
	t.Cleanup(func() {
		goProxy.CloseClientConnections() // streams do not end by themselves
		goProxy.Close()
	})
	c := &caller{t: t, p: p}
	for _, text := range []string{"first", "second"} {
		if status, answer := c.send("chat.post", text, fmt.Sprintf(`{"room":"lobby","author":"ann","text":%q}`, text)); status != http.StatusOK {
			t.Fatalf("a post was answered %d, %s", status, answer)
		}
	}
	for name, url := range map[string]string{"nothing": p.URL, "Go": goProxy.URL, "Varnish": varnish(t, p.Addr, ""), "nginx": nginx(t, p.Addr)} {
		first := frameOf(t, url, "", "first")
		id := field(first, "id")
		if parts := strings.Split(id, " "); len(parts) != 3 || parts[1] != "room.lobby" {
			t.Errorf("%s: the first event is %q", name, first)
		}
		second := frameOf(t, url, id, "second")
		if strings.Contains(second, "first") || !strings.Contains(second, `"mode":"resumed"`) {
			t.Errorf("%s: after %q comes %q", name, id, second)
		}
	}
}

// frameOf follows the lobby after a position, and returns what comes up to the frame
// with a text: all of it, or that frame if there is no position.
func frameOf(t *testing.T, url, after, text string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/events?topic=room.lobby&last=2", nil)
	if err != nil {
		t.Fatal(err)
	}
	if after != "" {
		req.Header.Set("Last-Event-ID", after)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var all, frame strings.Builder
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		frame.WriteString(lines.Text() + "\n")
		if lines.Text() != "" {
			continue
		}
		all.WriteString(frame.String())
		if strings.Contains(frame.String(), text) {
			if after == "" {
				return frame.String()
			}
			return all.String()
		}
		frame.Reset()
	}
	t.Fatalf("%s: %q does not come: %v, %q", url, text, ctx.Err(), all.String())
	return ""
}

// field returns the value of a frame's field.
func field(frame, name string) string {
	for line := range strings.Lines(frame) {
		if value, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), name+": "); ok {
			return value
		}
	}
	return ""
}

// nginx runs one in front of a server, with the directives that proxying needs and no
// others, and returns its address.
func nginx(t *testing.T, server string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "nginx")
	if err != nil {
		t.Fatal(err)
	}
	addr := program.FreeAddr(t)
	config := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf(`daemon off; pid %[1]s/pid; error_log %[1]s/error.log; events {}
http {
	access_log off; client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi; uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;
	server { listen %[2]s; location / { proxy_pass http://%[3]s; } }
}
`, dir, addr, server)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("nginx", "-p", dir, "-e", filepath.Join(dir, "error.log"), "-c", config)
	if cmd.Path, err = exec.LookPath("nginx"); err != nil {
		cmd.Path, cmd.Err = "/usr/sbin/nginx", nil
	}
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("nginx: %v (e2e/faults/install.sh)", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		errors, _ := os.ReadFile(filepath.Join(dir, "error.log"))
		os.RemoveAll(dir)
		if t.Failed() {
			t.Log(log.String(), string(errors))
		}
	})
	program.Until(t, time.Minute, "nginx answers", func() bool {
		resp, err := http.Get("http://" + addr + "/robots.txt")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return "http://" + addr
}
