package e2e_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const (
	deployedName = "app.example.com" // in the guide's Caddyfile
	serviceUser  = 65534             // stands for systemd's dynamic one
)

// A machine is where the guide deploys a project: below a directory, on ports of its own.
type machine struct {
	t           *testing.T
	root        string
	addr, admin string
	flags       []string // those of the unit
	service     *exec.Cmd
	logs        safeBuffer
}

// deployingBlock returns the one block of a language of the guide's chapter about deploying.
func deployingBlock(t *testing.T, lang string) string {
	t.Helper()
	text, err := os.ReadFile("../web/guide/deploying.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?ms)^```" + lang + "\n(.*?)^```$").FindSubmatch(text)
	if m == nil {
		t.Fatalf("the chapter has no block of %s", lang)
	}
	return string(m[1])
}

// newMachine returns a machine with the unit of the guide.
func newMachine(t *testing.T) *machine {
	t.Helper()
	root, err := os.MkdirTemp("", "machine")
	if err != nil {
		t.Fatal(err)
	}
	m := &machine{t: t, root: root, addr: freeAddr(t), admin: freeAddr(t)}
	t.Cleanup(func() {
		m.stop()
		if t.Failed() {
			t.Logf("the program's log:\n%s", m.logs.String())
		}
		os.RemoveAll(root)
	})
	for _, dir := range []string{"", "usr/local/bin", "var/lib/app"} {
		if err := os.MkdirAll(m.path("/"+dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^ExecStart=/usr/local/bin/app (.*)$`).FindStringSubmatch(deployingBlock(t, "ini"))
	if line == nil {
		t.Fatal("the unit does not run /usr/local/bin/app")
	}
	m.flags = strings.Fields(strings.NewReplacer("127.0.0.1:8000", m.addr, "127.0.0.1:9090", m.admin, "/var/lib/app", m.path("/var/lib/app")).Replace(line[1]))
	return m
}

// path returns the place of a path of the guide.
func (m *machine) path(name string) string { return filepath.Join(m.root, name) }

// install puts a program in the place of the one that is there, as the chapter says: beside
// it, and then under its name.
func (m *machine) install(program string) {
	m.t.Helper()
	beside := m.path("/usr/local/bin/app.new")
	copyFile(m.t, program, beside, 0o755)
	if err := os.Rename(beside, m.path("/usr/local/bin/app")); err != nil {
		m.t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, mode)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// start runs the program as the unit does: as a user without rights who owns the state
// directory and nothing else, from /, with hardly an environment.
func (m *machine) start() {
	m.t.Helper()
	m.service = exec.Command(m.path("/usr/local/bin/app"), m.flags...)
	m.service.Dir, m.service.Stdout, m.service.Stderr = "/", io.Discard, &m.logs
	m.service.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "USER=app", "LOGNAME=app", "HOME=/", "STATE_DIRECTORY=" + m.path("/var/lib/app")}
	if os.Getuid() == 0 {
		m.own()
		m.service.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: serviceUser, Gid: serviceUser}}
	}
	if err := m.service.Start(); err != nil {
		m.t.Fatal(err)
	}
	until(m.t, "the program is ready", func() bool { status, body := adminGet(m.admin, "/readyz"); return status == 200 && body == "ok\n" })
}

// own gives the state directory to the user of the service, as systemd does at a start.
func (m *machine) own() {
	m.t.Helper()
	err := filepath.WalkDir(m.path("/var/lib/app"), func(name string, _ os.DirEntry, err error) error {
		if err == nil {
			err = os.Lchown(name, serviceUser, serviceUser)
		}
		return err
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

// stop ends the program as systemctl does, and returns its exit status and how long that
// took.
func (m *machine) stop() (status int, took time.Duration) {
	if m.service == nil {
		return 0, 0
	}
	begun := time.Now()
	m.service.Process.Signal(syscall.SIGTERM)
	limit := time.AfterFunc(waitLimit, func() { m.service.Process.Kill() })
	defer limit.Stop()
	m.service.Wait() // the status shows the result
	status = m.service.ProcessState.ExitCode()
	m.service = nil
	return status, time.Since(begun)
}

// run runs the program as an operator does.
func (m *machine) run(args ...string) {
	m.t.Helper()
	if out, err := exec.Command(m.path("/usr/local/bin/app"), args...).CombinedOutput(); err != nil {
		m.t.Fatalf("app %q: %v\n%s", args, err, out)
	}
}

// caddy runs Caddy with the guide's Caddyfile, on other ports, with certificates of its own
// authority instead of a public one. It returns a client that trusts that authority and
// nobody else, and the address of HTTPS.
func (m *machine) caddy() (client *http.Client, https string) {
	m.t.Helper()
	https, plain := freeAddr(m.t), freeAddr(m.t)
	port := func(addr string) string { _, port, _ := net.SplitHostPort(addr); return port }
	file := m.path("/Caddyfile")
	write(m.t, file, "{\n\tadmin off\n\tlocal_certs\n\tskip_install_trust\n\tdefault_bind 127.0.0.1\n\thttps_port "+port(https)+"\n\thttp_port "+port(plain)+"\n}\n"+
		strings.Replace(deployingBlock(m.t, "caddy"), "127.0.0.1:8000", m.addr, 1))
	cmd := exec.Command("caddy", "run", "--config", file, "--adapter", "caddyfile")
	cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+m.path("/caddy"), "XDG_CONFIG_HOME="+m.path("/caddy"))
	var log safeBuffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		m.t.Fatalf("caddy: %v (e2e/faults/install.sh)", err)
	}
	m.t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		if m.t.Failed() {
			m.t.Logf("Caddy's log:\n%s", log.String())
		}
	})
	authority := x509.NewCertPool()
	until(m.t, "Caddy has an authority", func() bool {
		root, err := os.ReadFile(m.path("/caddy/caddy/pki/authorities/local/root.crt"))
		return err == nil && authority.AppendCertsFromPEM(root)
	})
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: authority}, ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			to := https
			if strings.HasSuffix(addr, ":80") {
				to = plain
			}
			return (&net.Dialer{}).DialContext(ctx, network, to)
		},
	}
	m.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, https
}

// A new project is deployed as the guide's chapter says, up to what needs a machine of its
// own: behind Caddy with TLS it is used in a browser, backed up, updated and restored.
func TestProjectIsDeployedBehindCaddyByTheGuide(t *testing.T) {
	t.Parallel()
	dir := makeProject(t, "example.org/somebody/notes")
	makeIn(t, dir, "build", "QUALITY=1")
	m := newMachine(t)
	m.install(filepath.Join(dir, "bin", "server"))
	m.start()
	client, https := m.caddy()

	// By a client that accepts no certificate but that of the name.
	var page string
	until(t, "the page is served by HTTPS", func() bool {
		resp, err := client.Get("https://" + deployedName + "/")
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		page = string(text)
		return resp.StatusCode == http.StatusOK && resp.ProtoMajor == 2 && resp.TLS != nil
	})
	if !strings.Contains(page, "<html") {
		t.Errorf("the page is %q", page)
	}
	resp, err := client.Get("http://" + deployedName + "/")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.Header.Get("Location") != "https://"+deployedName+"/" {
		t.Errorf("HTTP leads to %q, %s", resp.Header.Get("Location"), resp.Status)
	}

	ctx, end, err := startBrowser(chromedp.UserDataDir(t.TempDir()), chromedp.Flag("host-resolver-rules", "MAP "+deployedName+":443 "+https))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	limited, done := context.WithTimeout(ctx, tabLimit)
	t.Cleanup(done)
	b := newTab(t, limited)
	b.navigate("https://" + deployedName + "/")
	b.untilLive()
	b.writeNote("before the backup")
	b.until("the page shows its note", listed("before the backup"))
	if _, metrics := adminGet(m.admin, "/metrics"); !strings.Contains(metrics, "seaway_deliveries_total ") || strings.Contains(metrics, "seaway_deliveries_total 0\n") {
		t.Error("the note has not come by a stream")
	}
	if logs := m.logs.String(); strings.Contains(logs, "WARN") || strings.Contains(logs, "ERROR") {
		t.Errorf("the program complains:\n%s", logs)
	}

	// A backup while it runs.
	backup := m.path("/backup")
	m.run("backup", backup, "-data", m.path("/var/lib/app"))
	m.run("check", backup)

	// A new release.
	m.install(filepath.Join(dir, "bin", "server"))
	if status, took := m.stop(); status != 0 || took > 10*time.Second {
		t.Errorf("the program ended with %d after %v", status, took)
	}
	m.start()
	b.writeNote("after the backup")
	b.until("the page has come back", listed("after the backup")+" && "+listed("before the backup"))

	// The backup in the place of the log.
	m.stop()
	data := m.path("/var/lib/app")
	if err := os.RemoveAll(data); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(data, os.DirFS(backup)); err != nil {
		t.Fatal(err)
	}
	m.start()
	b.until("the page shows what the backup has", listed("before the backup")+" && !"+listed("after the backup"))
	b.writeNote("after the restore")
	b.until("the page is live", listed("after the restore"))
	if bad := b.complaints(); len(bad) > 0 {
		t.Errorf("the browser complains: %q", bad)
	}
}
