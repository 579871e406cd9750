package live

import (
	"bufio"
	"context"
	"errors"
	"flag"
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

	"github.com/seawaykit/seaway/server/eventlog/eventlogtest"
	"github.com/seawaykit/seaway/shared/command"
)

// childVariable has the test's binary run testProgram instead.
const childVariable = "SEAWAY_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		os.Exit(Main(testProgram()))
	}
	eventlogtest.Main(m)
}

// testProgram has a flag of its own, and writes and follows notes.
func testProgram() Program {
	var greeting string
	return Program{
		Name: "notes", Version: "v3",
		Flags: func(set *flag.FlagSet, getenv func(string) string) {
			set.StringVar(&greeting, "greeting", getenv("SEAWAY_GREETING"), "what every note begins with")
		},
		New: func(_ context.Context, c Config) (*Server, error) {
			if greeting == "refuse" {
				return nil, errors.New("no greeting")
			}
			s, err := New(c.Log, c.Options(Options{Follow: Public(topic), Call: Anyone}))
			if err != nil {
				return nil, err
			}
			Handle(s, write, func(ctx context.Context, n note) (note, error) {
				n.Text = greeting + n.Text
				_, err := written.Publish(ctx, c.Log, topic, n, command.Once(ctx))
				return n, err
			})
			return s, nil
		},
	}
}

// A run is a testProgram that runs in this process.
type run struct {
	stdout, stderr safeBuffer
	lines          chan string // of stderr
	status         chan int
	stop           context.CancelFunc
}

func start(t *testing.T, p Program, args ...string) *run {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &run{lines: make(chan string, 1000), status: make(chan int, 1), stop: cancel}
	read, write := io.Pipe()
	go func() {
		for lines := bufio.NewScanner(read); lines.Scan(); {
			r.lines <- lines.Text()
		}
		close(r.lines)
	}()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.status <- p.run(ctx, args, func(string) string { return "" }, &r.stdout, io.MultiWriter(&r.stderr, write))
		write.Close()
	}()
	t.Cleanup(func() { cancel(); <-ended })
	return r
}

// url waits for the line of stderr with the address.
func url(t *testing.T, lines <-chan string, message string) string {
	t.Helper()
	at := regexp.MustCompile(`msg="?` + message + `"? url=(\S+)`)
	for {
		line := within(t, message, lines)
		if found := at.FindStringSubmatch(line); found != nil {
			return found[1]
		}
		if strings.HasPrefix(line, "notes: ") || line == "" {
			t.Fatalf("the program says %q", line)
		}
	}
}

// A process of its own, with the signals, ports and directory of a real one.
func TestMain_DrainsOnSIGTERM(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-addr", "127.0.0.1:0", "-data", dir, "-heartbeat", "1m")
	cmd.Env = append(os.Environ(), childVariable+"=1", "SEAWAY_GREETING=hello ")
	var access safeBuffer
	cmd.Stdout = &access
	stderr, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	lines := make(chan string, 1000)
	go func() {
		defer close(lines)
		for read := bufio.NewScanner(stderr); read.Scan(); {
			lines <- read.Text()
		}
	}()
	address := url(t, lines, "listening")
	open := follow(t, address+"/events?topic=notes")
	if hello := open.next("hello"); !strings.Contains(hello, `"heartbeat_ms":60000`) || !strings.Contains(hello, `"build":"v3"`) {
		t.Errorf("the hello is %s", hello)
	}
	if resp, body := call(t, address, "live.write", `{"text":"world"}`); resp.StatusCode != 200 {
		t.Errorf("a command: %d, %s", resp.StatusCode, body)
	}
	if got := open.next("live.written"); got != `{"text":"hello world"}` {
		t.Errorf("the stream has %s", got)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	open.next("bye")
	if err := open.end(); err != nil {
		t.Errorf("after its bye the stream is cut: %v", err)
	}
	for range lines { // until stderr is closed
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it has ended with %v", err)
	}
	if !strings.Contains(access.String(), `"POST /commands/live.write HTTP/1.1" 200`) {
		t.Errorf("requests are logged as %q", &access)
	}
	again := start(t, testProgram(), "-addr", "127.0.0.1:0", "-data", dir)
	if got := follow(t, url(t, again.lines, "listening")+"/events?topic=notes&last=1").next("live.written"); got != `{"text":"hello world"}` {
		t.Errorf("after a restart the stream has %s", got)
	}
}

func TestMain_SendsHeartbeatsOnAQuietStream(t *testing.T) {
	t.Parallel()
	r := start(t, testProgram(), "-addr", "127.0.0.1:0", "-data", t.TempDir(), "-heartbeat", "1s")
	open := follow(t, url(t, r.lines, "listening")+"/events?topic=notes")
	if hello := open.next("hello"); !strings.Contains(hello, `"heartbeat_ms":1000,`) {
		t.Errorf("the hello is %s", hello)
	}
	for range 2 {
		if head := open.next("heartbeat"); head == "" {
			t.Error("the heartbeat has no position")
		}
	}
}

// Ports come first, then the log, then the server; meanwhile operators see that it
// starts.
func TestMain_ReportsToOperatorsThatItStarts(t *testing.T) {
	t.Parallel()
	p := testProgram()
	opened, open := p.New, make(chan struct{})
	p.New = func(ctx context.Context, c Config) (*Server, error) {
		<-open
		return opened(ctx, c)
	}
	r := start(t, p, "-addr", "127.0.0.1:0", "-admin", "127.0.0.1:0", "-data", t.TempDir())
	admin := url(t, r.lines, "listening for operators")
	for path, want := range map[string]int{"/livez": 200, "/readyz": 503, "/healthz": 503} {
		resp, body := ask(t, "GET", admin+path, "")
		if resp.StatusCode != want || (want == 503) != strings.Contains(body, "the server is starting: its log is not open yet") {
			t.Errorf("%s at the start: %d, %s", path, resp.StatusCode, body)
		}
	}
	close(open)
	address := url(t, r.lines, "listening")
	follow(t, address+"/events?topic=notes").next("hello") // then the ring is full
	for path, want := range map[string]int{"/livez": 200, "/readyz": 200, "/healthz": 200, "/metrics": 200} {
		if resp, body := ask(t, "GET", admin+path, ""); resp.StatusCode != want {
			t.Errorf("%s: %d, %s", path, resp.StatusCode, body)
		}
	}
	if _, body := ask(t, "GET", admin+"/metrics", ""); !strings.Contains(body, "\nseaway_log_events 0\n") {
		t.Error("the metrics do not say how many events the log holds")
	}
	if resp, _ := ask(t, "GET", address+"/metrics", ""); resp.StatusCode != 404 {
		t.Errorf("the public sees metrics: %d", resp.StatusCode)
	}
	r.stop()
	if status := within(t, "the end", r.status); status != 0 {
		t.Errorf("status %d", status)
	}
	if resp, err := http.Get(admin + "/livez"); err == nil {
		resp.Body.Close()
		t.Error("the operators' port is still served")
	}
}

func TestMain_ReportsInOneLineWhatIsWrong(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().String()
	for _, c := range []struct {
		args   []string
		status int
		says   string
		opens  bool // whether the data directory is made before
	}{
		{[]string{"-log-format", "xml"}, 2, `notes: -log-format "xml" is neither text nor json (see notes -help)`, false},
		{[]string{"-max-topics", "x"}, 2, `notes: invalid value "x" for flag -max-topics: parse error (see notes -help)`, false},
		{[]string{"-nonsense"}, 2, "notes: flag provided but not defined: -nonsense (see notes -help)", false},
		{[]string{"argument"}, 2, `notes: unexpected argument "argument" (see notes -help)`, false},
		{[]string{"-tls-cert", "x"}, 2, "notes: -tls-cert and -tls-key are given together (see notes -help)", false},
		{[]string{"-trust-proxy", "10.0.0.1,nowhere"}, 2, `notes: -trust-proxy: trusted proxy "nowhere": it is no network such as 10.0.0.0/8 (see notes -help)`, false},
		{[]string{"-heartbeat", "-1s"}, 2, "notes: -heartbeat is negative (see notes -help)", false},
		{[]string{"-retain-events", "0"}, 2, `notes: invalid value "0" for flag -retain-events: a number of events, at least 1 (see notes -help)`, false},
		{[]string{"-retain-bytes", "1X"}, 2, `notes: invalid value "1X" for flag -retain-bytes: `, false},
		{[]string{"-retain-age", "soon"}, 2, `notes: invalid value "soon" for flag -retain-age: `, false},
		{[]string{"-tls-cert", "none", "-tls-key", "none"}, 1, "notes: the certificate: open none", false},
		{[]string{"-addr", port}, 1, "notes: listen tcp " + port, false},
		{[]string{"-addr", "127.0.0.1:0", "-admin", port}, 1, "notes: listen tcp " + port, false},
		{[]string{"-addr", "127.0.0.1:0", "-origins", "no origin"}, 1, "notes: ", true},
		{[]string{"-addr", "127.0.0.1:0", "-greeting", "refuse"}, 1, "notes: no greeting", true},
	} {
		dir := filepath.Join(t.TempDir(), "data")
		r := start(t, testProgram(), append(c.args, "-data", dir)...)
		if status := within(t, "the end", r.status); status != c.status {
			t.Errorf("%q: status %d, want %d", c.args, status, c.status)
		}
		if said := lastLine(r.stderr.String()); !strings.HasPrefix(said, c.says) || strings.Count(r.stderr.String(), "notes: ") != 1 {
			t.Errorf("%q: it says %q, want %q", c.args, r.stderr.String(), c.says)
		}
		if _, err := os.Stat(dir); (err == nil) != c.opens {
			t.Errorf("%q: the data directory: %v", c.args, err)
		}
	}
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

func TestMain_HelpsOnStdout(t *testing.T) {
	t.Parallel()
	for arg, want := range map[string][]string{
		"-version": {"notes v3\n"},
		"-help": {"Usage: notes [flags]\n", "-addr address", "-data directory", "-retain-events events", "-retain-bytes bytes", "-retain-age duration", "7d or 1d12h", "64MiB or 1GB", "-unsafe-drop-damaged-events", "-nats url", "-nats-creds", "-nats-ca",
			"-replicas", "-existing", "-origins", "-trust-proxy networks", "-tls-cert", "-tls-key", "-h2c", "-admin", "-heartbeat", "-max-streams ", "-max-streams-per-address", "-max-streams-per-identity", "-no-limits", "-max-topics", "-log-format", "-version", "-greeting"},
	} {
		r := start(t, testProgram(), arg)
		if status := within(t, "the end", r.status); status != 0 || r.stderr.String() != "" {
			t.Errorf("%s: status %d, %s", arg, status, &r.stderr)
		}
		for _, w := range want {
			if !strings.Contains(r.stdout.String(), w) {
				t.Errorf("%s lacks %q: %s", arg, w, &r.stdout)
			}
		}
	}
}
