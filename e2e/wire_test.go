package e2e_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// wireBlock returns the one code block of WIRE.md that is of a language and stands
// below a heading.
func wireBlock(t testing.TB, heading, lang string) string {
	t.Helper()
	text, err := os.ReadFile("../WIRE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n"+heading+"\n")
	if !found {
		t.Fatalf("WIRE.md has no heading %q", heading)
	}
	if next := regexp.MustCompile(`(?m)^##+ `).FindStringIndex(section); next != nil {
		section = section[:next[0]]
	}
	blocks := regexp.MustCompile("(?ms)^```"+lang+"\n(.*?)^```$").FindAllStringSubmatch(section, -1)
	if len(blocks) != 1 {
		t.Fatalf("WIRE.md has %d blocks of %s below %q, want one", len(blocks), lang, heading)
	}
	return blocks[0][1]
}

// postAsWritten posts a message by WIRE.md's own curl command, with another text.
func (s *server) postAsWritten(text string) (reply string) {
	s.t.Helper()
	command := wireBlock(s.t, "## Commands", "sh")
	command = strings.NewReplacer("localhost:8000", s.addr, `"hello"`, quoted(text), "any-key-of-yours", "key-of-"+strings.ReplaceAll(text, " ", "-")).Replace(command)
	cmd := exec.Command("bash", "-euc", command)
	cmd.Stderr = &s.logs
	out, err := cmd.Output()
	if err != nil || !regexp.MustCompile(`^\{"id":"[\w-]+"\}$`).Match(out) {
		s.t.Fatalf("%v: %q was answered with %s", err, text, out)
	}
	return string(out)
}

// A wireClient is one of WIRE.md's example programs, which print what they receive.
type wireClient struct {
	out safeBuffer
}

// startWireClient writes an example to a file, and runs it as WIRE.md says.
func startWireClient(t *testing.T, s *server, program, file, source string) *wireClient {
	t.Helper()
	name := filepath.Join(t.TempDir(), file)
	write(t, name, source)
	c := &wireClient{}
	cmd := exec.Command(program, name, s.url, "room.lobby")
	cmd.Stdout, cmd.Stderr = &c.out, &s.logs
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // curl is a child of the shell
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait() // by the signal
	})
	return c
}

// texts returns those of the messages that were printed: a line has an event's name and
// its data.
func (c *wireClient) texts(t *testing.T) (texts []string) {
	t.Helper()
	for line := range strings.Lines(c.out.String()) {
		name, data, _ := strings.Cut(line, " ")
		if !strings.HasSuffix(line, "\n") || name == "reset" {
			continue
		}
		var m struct{ Text string }
		if err := json.Unmarshal([]byte(data), &m); err != nil || name != "chat.posted" {
			t.Fatalf("printed %q: %v", line, err)
		}
		texts = append(texts, m.Text)
	}
	return texts
}

// followsOverRestarts posts messages while a client follows the room, ends the server in
// both ways meanwhile, and fails unless the client receives each message once, in order.
func followsOverRestarts(t *testing.T, s *server, received func() []string) {
	t.Helper()
	var want []string
	post := func(text string) {
		t.Helper()
		reply := s.postAsWritten(text)
		if again := s.postAsWritten(text); again != reply {
			t.Errorf("the same key was answered with %s and %s", reply, again)
		}
		want = append(want, text)
		until(t, "the client has received "+text, func() bool { return len(received()) >= len(want) })
	}
	post("before")
	post("meanwhile")
	s.kill()
	s.start()
	post("after a kill")
	if status := s.terminate(); status != 0 {
		t.Errorf("exit status %d", status)
	}
	s.start()
	post("after a bye")
	if got := received(); !slices.Equal(got, want) {
		t.Errorf("the client received %q, want %q", got, want)
	}
}

func TestWireExampleInCurlFollowsOverRestarts(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	c := startWireClient(t, s, "bash", "follow.sh", wireBlock(t, "### curl", "bash"))
	followsOverRestarts(t, s, func() []string { return c.texts(t) })
}

func TestWireExampleInPythonFollowsOverRestarts(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	c := startWireClient(t, s, "python3", "follow.py", wireBlock(t, "### Python", "python"))
	followsOverRestarts(t, s, func() []string { return c.texts(t) })
}

func TestWireExampleInJavaScriptFollowsOverRestarts(t *testing.T) {
	t.Parallel()
	s, b := startServer(t), openTab(t)
	b.navigate(s.url + "/robots.txt") // a page of the server's origin, without scripts
	eval[bool](b, wireBlock(t, "### JavaScript", "js")+"; true")
	followsOverRestarts(t, s, func() []string { return eval[[]string](b, `shown.map(m => m.text)`) })
}

// A position of a log that is gone is answered with a reset: what a client shows is void.
func TestWireExampleInJavaScriptStartsOverAfterAReset(t *testing.T) {
	t.Parallel()
	s, b := startServer(t), openTab(t)
	b.navigate(s.url + "/robots.txt")
	eval[bool](b, wireBlock(t, "### JavaScript", "js")+"; true")
	s.postAsWritten("of the first log")
	b.until("the first log's message is shown", `shown.length === 1`)
	s.kill()
	s.data = t.TempDir()
	s.start()
	s.postAsWritten("of another log")
	b.until("the other log's message alone is shown", `shown.map(m => m.text).join() === "of another log"`)
}
