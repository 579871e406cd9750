package faults_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/seawaykit/seaway/e2e/faults/program"
)

// A proxied is a proxy that e2e/deploy has configurations for, one at the root and one below
// a path: what they need around them on this machine, and how it is run.
type proxied struct {
	program     string
	root, below string // files of the deploy folder
	plain       bool   // serves HTTP, and no HTTPS
	flags       []string
	around      func(block string, p place) string
	args        func(p place) []string
	reload      func(p place) *exec.Cmd // nil: by signal
	signal      syscall.Signal
}

// A place is where a proxy runs: its directory, its port, and a certificate with its key.
type place struct{ dir, file, port, cert, key string }

var proxies = []proxied{
	{
		program: "caddy", root: "caddy/Caddyfile", below: "caddy/Caddyfile-below-a-path",
		around: func(block string, p place) string {
			site := fmt.Sprintf("https://localhost:%s {\n\ttls %s %s\n", p.port, p.cert, p.key)
			return "{\n\tadmin unix/" + p.dir + "/admin\n\tauto_https disable_redirects\n}\n" + strings.Replace(block, "app.example.com {\n", site, 1)
		},
		args: func(p place) []string { return []string{"run", "--config", p.file, "--adapter", "caddyfile"} },
		reload: func(p place) *exec.Cmd {
			return exec.Command("caddy", "reload", "--force", "--config", p.file, "--adapter", "caddyfile", "--address", "unix/"+p.dir+"/admin")
		},
	},
	{
		program: "nginx", root: "nginx/app.conf", below: "nginx/app-below-a-path.conf",
		around: func(block string, p place) string {
			return fmt.Sprintf("daemon off; pid %[1]s/pid; error_log %[1]s/error.log; events {}\nhttp {\naccess_log off; client_body_temp_path %[1]s/body; "+
				"proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi; uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;\n%[2]s}\n", p.dir, block)
		},
		args:   func(p place) []string { return []string{"-p", p.dir, "-e", p.dir + "/error.log", "-c", p.file} },
		signal: syscall.SIGHUP,
	},
	{
		program: "apache2", root: "apache/app.conf", below: "apache/app-below-a-path.conf",
		around: func(block string, p place) string {
			text := fmt.Sprintf("ServerRoot %[1]s\nServerName localhost\nPidFile %[1]s/pid\nErrorLog %[1]s/error.log\nDefaultRuntimeDir %[1]s\nMutex file:%[1]s default\n"+
				"User www-data\nGroup www-data\nListen 127.0.0.1:%[2]s\n", p.dir, p.port)
			for _, m := range []string{"mpm_event", "authz_core", "socache_shmcb", "ssl", "proxy", "proxy_http", "proxy_wstunnel", "headers", "http2"} {
				text += fmt.Sprintf("LoadModule %[1]s_module /usr/lib/apache2/modules/mod_%[1]s.so\n", m)
			}
			return text + block
		},
		args:   func(p place) []string { return []string{"-DFOREGROUND", "-f", p.file} },
		signal: syscall.SIGUSR1,
	},
	{
		program: "haproxy", root: "haproxy/haproxy.cfg", below: "haproxy/haproxy-below-a-path.cfg",
		// It has an address of its own, so that the test can reach the program without it.
		flags: []string{"-trust-proxy", "127.0.0.3", "-proxy-protocol"},
		around: func(block string, _ place) string {
			return strings.Replace(block, "send-proxy-v2-ssl", "send-proxy-v2-ssl source 127.0.0.3", 1)
		},
		args:   func(p place) []string { return []string{"-W", "-db", "-f", p.file} },
		signal: syscall.SIGUSR2,
	},
	{
		program: "varnishd", root: "varnish/app.vcl", below: "varnish/app-below-a-path.vcl", plain: true,
		around: func(block string, _ place) string { return block },
		args: func(p place) []string {
			return []string{"-F", "-j", "none", "-n", filepath.Join(p.dir, "state"), "-a", "127.0.0.1:" + p.port, "-f", p.file, "-s", "malloc,16m"}
		},
		reload: func(p place) *exec.Cmd {
			at := filepath.Join(p.dir, "state")
			return exec.Command("sh", "-c", fmt.Sprintf("varnishadm -n %[1]s vcl.load again %[2]s && varnishadm -n %[1]s vcl.use again", at, p.file))
		},
	},
}

// Through each proxy, by its files, at the root and below a path: a page is loaded, a
// stream arrives as it is sent and misses nothing by a reload of the proxy, a command of
// the proxy's own page is accepted, a WebSocket opens, and the program knows the client's
// address and that it speaks HTTPS. SEAWAY_TEST_IDLE is for how long streams then have
// nothing but heartbeats.
func TestProxyServesByItsFile(t *testing.T) {
	t.Parallel()
	for _, proxy := range proxies {
		for name, prefix := range map[string]string{"": "", "-below-a-path": "/app"} {
			t.Run(proxy.program+name, func(t *testing.T) {
				t.Parallel()
				proxy.serves(t, prefix)
			})
		}
	}
}

func (x proxied) serves(t *testing.T, prefix string) {
	t.Helper()
	at := newPlace(t, x)
	flags := append([]string{"-trust-proxy", "127.0.0.1/32"}, x.flags...) // of two the last one counts
	if prefix != "" || x.plain {
		flags = append(flags, "-public-url", "https://localhost:"+at.port+prefix)
	}
	p, access := program.New(t, append(flags, "-heartbeat", "3m")...), &proxyLog{} // a heartbeat would push on what a proxy holds back
	p.Access = access
	p.Start()
	c, reload := x.start(t, p, at, prefix)
	c.loadsThePage()
	c.streams(reload)
	c.opensASocket()
	c.isKnown(access)
	if idle, err := time.ParseDuration(os.Getenv("SEAWAY_TEST_IDLE")); err == nil {
		p.Terminate()
		p.Flags = p.Flags[:len(p.Flags)-2] // the heartbeat interval is the default
		p.Start()
		c.staysOpen(idle)
	}
}

// newPlace returns where a proxy is to run.
func newPlace(t *testing.T, x proxied) place {
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
	return at
}

// start runs the proxy in front of a program, and returns a client of it, and what makes
// the proxy read its configuration again.
func (x proxied) start(t *testing.T, p *program.Program, at place, prefix string) (c *proxyClient, reload func()) {
	t.Helper()
	both := filepath.Join(at.dir, "both.pem")
	write(t, both, read(t, at.cert)+read(t, at.key))
	file := x.root
	if prefix != "" {
		file = x.below
	}
	text := strings.NewReplacer(
		"127.0.0.1:8000", p.Addr, `"8000"`, `"`+portOf(t, p.Addr)+`"`,
		"listen 443 ", "listen 127.0.0.1:"+at.port+" ", "bind :443 ", "bind 127.0.0.1:"+at.port+" ", "*:443", "*:"+at.port,
		"/etc/ssl/app.example.com.key", at.key, "crt /etc/ssl/app.example.com.pem", "crt "+both, "/etc/ssl/app.example.com.pem", at.cert,
	).Replace(x.around(read(t, filepath.Join(deploy, file)), at))
	write(t, at.file, text)

	env := append(os.Environ(), "XDG_DATA_HOME="+at.dir, "XDG_CONFIG_HOME="+at.dir, "PATH="+os.Getenv("PATH")+":/usr/sbin")
	cmd := exec.Command(x.program, x.args(at)...)
	cmd.Env = env
	var err error
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
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait() // by the signal
		if t.Failed() {
			errors, _ := os.ReadFile(filepath.Join(at.dir, "error.log"))
			t.Log(text, log.String(), string(errors), p.Log())
		}
		os.RemoveAll(at.dir)
	})
	return newProxyClient(t, x, at, prefix), func() {
		t.Helper()
		if x.reload == nil {
			_ = cmd.Process.Signal(x.signal)
			return
		}
		again := x.reload(at)
		again.Env = env
		if out, err := again.CombinedOutput(); err != nil {
			t.Errorf("%s does not read its configuration again: %v %s", x.program, err, out)
		}
	}
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
