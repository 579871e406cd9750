package faults_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/e2e/faults/program"
)

// deploying returns the one block of a language of the guide's chapter about proxies.
func deploying(t *testing.T, lang string) string {
	t.Helper()
	text, err := os.ReadFile("../../web/guide/deploying.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```"+lang+"\n(.*?)^```$").FindAllStringSubmatch(string(text), -1)
	if len(blocks) != 1 {
		t.Fatalf("the chapter has %d blocks of %s, want one", len(blocks), lang)
	}
	return blocks[0][1]
}

// A proxied is a proxy of the guide: what its block needs around it on this machine, and
// how it is run.
type proxied struct {
	lang, program string
	plain         bool // serves HTTP, and no HTTPS
	around        func(block string, p place) string
	args          func(p place) []string
}

// A place is where a proxy runs: its directory, its port, and a certificate with its key.
type place struct{ dir, file, port, cert, key string }

var proxies = []proxied{
	{
		lang: "caddy", program: "caddy",
		around: func(block string, p place) string {
			site := fmt.Sprintf("https://localhost:%s {\n\ttls %s %s\n", p.port, p.cert, p.key)
			return "{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + strings.Replace(block, "app.example.com {\n", site, 1)
		},
		args: func(p place) []string { return []string{"run", "--config", p.file, "--adapter", "caddyfile"} },
	},
	{
		lang: "nginx", program: "nginx",
		around: func(block string, p place) string {
			return fmt.Sprintf("daemon off; pid %[1]s/pid; error_log %[1]s/error.log; events {}\nhttp {\naccess_log off; client_body_temp_path %[1]s/body; "+
				"proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi; uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;\n%[2]s}\n", p.dir, block)
		},
		args: func(p place) []string { return []string{"-p", p.dir, "-e", p.dir + "/error.log", "-c", p.file} },
	},
	{
		lang: "apache", program: "apache2",
		around: func(block string, p place) string {
			text := fmt.Sprintf("ServerRoot %[1]s\nServerName localhost\nPidFile %[1]s/pid\nErrorLog %[1]s/error.log\nDefaultRuntimeDir %[1]s\nMutex file:%[1]s default\n"+
				"User www-data\nGroup www-data\nListen 127.0.0.1:%[2]s\n", p.dir, p.port)
			for _, m := range []string{"mpm_event", "authz_core", "socache_shmcb", "ssl", "proxy", "proxy_http", "proxy_wstunnel"} {
				text += fmt.Sprintf("LoadModule %[1]s_module /usr/lib/apache2/modules/mod_%[1]s.so\n", m)
			}
			return text + block
		},
		args: func(p place) []string { return []string{"-DFOREGROUND", "-f", p.file} },
	},
	{
		lang: "haproxy", program: "haproxy",
		around: func(block string, _ place) string { return block },
		args:   func(p place) []string { return []string{"-db", "-f", p.file} },
	},
	{
		lang: "vcl", program: "varnishd", plain: true,
		around: func(block string, _ place) string { return block },
		args: func(p place) []string {
			return []string{"-F", "-j", "none", "-n", filepath.Join(p.dir, "state"), "-a", "127.0.0.1:" + p.port, "-f", p.file, "-s", "malloc,16m"}
		},
	},
}

// Through each proxy of the guide, configured as there, a page is loaded, a stream
// arrives as it is sent, a command of the proxy's own page is accepted, and a WebSocket
// opens.
func TestProxyOfTheGuide(t *testing.T) {
	t.Parallel()
	for _, proxy := range proxies {
		t.Run(proxy.lang, func(t *testing.T) {
			t.Parallel()
			// A heartbeat would push on what a proxy holds back.
			p := program.Start(t, "-heartbeat", "3m")
			c := proxy.start(t, p)
			c.loadsThePage()
			c.streams()
			c.opensASocket()
		})
	}
}

// start runs the proxy in front of a program, and returns a client of it.
func (x proxied) start(t *testing.T, p *program.Program) *proxyClient {
	t.Helper()
	dir, err := os.MkdirTemp("", x.program)
	if err != nil {
		t.Fatal(err)
	}
	flags := certificate(t)
	at := place{dir: dir, file: filepath.Join(dir, "config"), port: portOf(t, program.FreeAddr(t)), cert: flags[1], key: flags[3]}
	if flags[0] != "-tls-cert" {
		at.cert, at.key = flags[3], flags[1]
	}
	both := filepath.Join(dir, "both.pem")
	write(t, both, read(t, at.cert)+read(t, at.key))
	text := strings.NewReplacer(
		"127.0.0.1:8000", p.Addr, `"8000"`, `"`+portOf(t, p.Addr)+`"`,
		"listen 443 ", "listen 127.0.0.1:"+at.port+" ", "bind :443 ", "bind 127.0.0.1:"+at.port+" ", "*:443", "*:"+at.port,
		"/etc/ssl/app.example.com.key", at.key, "crt /etc/ssl/app.example.com.pem", "crt "+both, "/etc/ssl/app.example.com.pem", at.cert,
	).Replace(x.around(deploying(t, x.lang), at))
	write(t, at.file, text)

	cmd := exec.Command(x.program, x.args(at)...)
	cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir, "PATH="+os.Getenv("PATH")+":/usr/sbin")
	if cmd.Path, err = exec.LookPath(x.program); err != nil {
		cmd.Path, cmd.Err = "/usr/sbin/"+x.program, nil
	}
	var log proxyLog
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s: %v (e2e/faults/install.sh)", x.program, err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait() // by the signal
		if t.Failed() {
			errors, _ := os.ReadFile(filepath.Join(dir, "error.log"))
			t.Log(text, log.String(), string(errors))
		}
		os.RemoveAll(dir)
	})
	return newProxyClient(t, x, at)
}

func portOf(t *testing.T, addr string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A proxyLog is written by a process's copier and read by a test.
type proxyLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *proxyLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *proxyLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// A proxyClient is a browser's side of a proxy.
type proxyClient struct {
	t      *testing.T
	url    string
	client *http.Client
}

func newProxyClient(t *testing.T, x proxied, at place) *proxyClient {
	t.Helper()
	url := "https://localhost:" + at.port
	if x.plain {
		url = "http://localhost:" + at.port
	}
	insecure := &tls.Config{InsecureSkipVerify: true} // the certificate is the test's own
	c := &proxyClient{t, url, &http.Client{Transport: &http.Transport{TLSClientConfig: insecure}}}
	t.Cleanup(c.client.CloseIdleConnections)
	program.Until(t, time.Minute, x.program+" answers", func() bool {
		resp, err := c.client.Get(url + "/robots.txt")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return c
}

func (c *proxyClient) loadsThePage() {
	c.t.Helper()
	resp, err := c.client.Get(c.url + "/")
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(text), "<html") {
		c.t.Errorf("the page: %s, %v", resp.Status, err)
	}
}

// streams follows a topic, and posts to it once the hello has come.
func (c *proxyClient) streams() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/events?topic=room.lobby", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd") // as a browser, which a proxy may take up
	resp, err := c.client.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	if coding := resp.Header.Get("Content-Encoding"); coding != "" {
		c.t.Fatalf("the stream is compressed: %s", coding)
	}
	lines := bufio.NewScanner(resp.Body)
	for _, want := range []string{"event: hello", "event: chat.posted"} {
		if !until(lines, want) {
			c.t.Fatalf("%q does not come: %v", want, ctx.Err())
		}
		if want == "event: hello" {
			c.posts()
		}
	}
}

func until(lines *bufio.Scanner, want string) bool {
	for lines.Scan() {
		if lines.Text() == want {
			return true
		}
	}
	return false
}

// posts sends a command as a page of the proxy does, by a browser that says no more than
// its origin.
func (c *proxyClient) posts() {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+"/commands/chat.post",
		strings.NewReader(`{"room":"lobby","author":"ann","text":"hello"}`))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", c.url)
	resp, err := c.client.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		c.t.Fatalf("a post is answered %s: %s", resp.Status, text)
	}
}

func (c *proxyClient) opensASocket() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, c.url+"/socket?topic=room.lobby", &websocket.DialOptions{
		HTTPClient: c.client, HTTPHeader: http.Header{"Origin": {c.url}},
	})
	if err != nil {
		c.t.Errorf("the socket: %v", err)
		return
	}
	defer conn.CloseNow()
	if _, message, err := conn.Read(ctx); err != nil || !strings.Contains(string(message), "event: hello") {
		c.t.Errorf("the socket begins with %q, %v", message, err)
	}
}

// systemd knows every line of the guide's unit.
func TestUnitOfTheGuideIsValid(t *testing.T) {
	t.Parallel()
	unit := filepath.Join(t.TempDir(), "app.service")
	write(t, unit, strings.Replace(deploying(t, "ini"), "/usr/local/bin/app", program.Binary(t), 1))
	out, err := exec.Command("systemd-analyze", "verify", "--man=no", unit).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v (e2e/faults/install.sh)\n%s", err, out)
	}
}
