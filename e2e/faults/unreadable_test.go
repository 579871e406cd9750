package faults_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	gosse "github.com/tmaxmax/go-sse"

	"github.com/seawaykit/seaway/e2e/faults/program"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// nobody is the user that a program runs as which may not do everything.
const nobody = 65534

// asNobody returns a program that runs as an ordinary user in a directory of its
// own. The tests run as root, whom no permission stops.
func asNobody(t *testing.T) *program.Program {
	t.Helper()
	p := program.New(t)
	dir, err := os.MkdirTemp("", "seaway-faults-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	p.Data = filepath.Join(dir, "data")
	for _, err := range []error{os.Mkdir(p.Data, 0o700), os.Chmod(dir, 0o755), os.Chown(p.Data, nobody, nobody)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	binary := filepath.Join(dir, "seaway")
	copyFile(t, program.Binary(t), binary)
	p.Binary = binary
	p.Through = []string{"setpriv", fmt.Sprint("--reuid=", nobody), fmt.Sprint("--regid=", nobody), "--clear-groups"}
	return p
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func blockOf(p *program.Program, name string) string {
	return filepath.Join(p.Data, "jetstream", "$G", "streams", "SEAWAY", "msgs", name)
}

// texts returns the first n messages of the lobby that the log retains.
func texts(t *testing.T, p *program.Program, n int) (all []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL+"/events?topic=room.lobby&last=100000", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	for e, err := range gosse.Read(resp.Body, nil) {
		if err != nil {
			t.Fatalf("after %d of %d messages: %v", len(all), n, err)
		}
		if e.Type != chat.Posted.Name() {
			continue
		}
		var m chat.Message
		if err := json.Unmarshal([]byte(e.Data), &m); err != nil {
			t.Fatal(err)
		}
		if all = append(all, m.Text); len(all) == n {
			break
		}
	}
	return all
}

// refusal starts a program that must not start and returns what it says.
func refusal(t *testing.T, p *program.Program) string {
	t.Helper()
	before := len(p.Log())
	p.Run()
	limit := time.AfterFunc(30*time.Second, func() { p.Signal(syscall.SIGKILL) })
	defer limit.Stop()
	if status := p.Wait(); status != 1 {
		t.Fatalf("the program goes on for 30 s or ends with status %d, want 1", status)
	}
	var said []string
	for line := range strings.Lines(p.Log()[before:]) {
		if strings.HasPrefix(line, "seaway: ") {
			said = append(said, line)
		}
	}
	if len(said) != 1 {
		t.Fatalf("the program says %q", said)
	}
	return said[0]
}

// ends are how a program ends before its files become unreadable.
var ends = map[string]func(*program.Program){
	"an end by SIGTERM": func(p *program.Program) { p.Terminate() },
	"a kill":            (*program.Program).Kill,
}

func TestUnreadableFilesStopTheStartAndLoseNothing(t *testing.T) {
	const posts = 300
	for name, end := range ends {
		t.Run("after "+name, func(t *testing.T) {
			t.Parallel()
			p := asNobody(t)
			p.Start()
			for i := range posts {
				p.Post("lobby", "ann", fmt.Sprint("message ", i))
			}
			end(p)
			refuseEach(t, p)
			p.Start()
			for i, text := range texts(t, p, posts) {
				if want := fmt.Sprint("message ", i); text != want {
					t.Fatalf("message %d is %q", i, text)
				}
			}
		})
	}
}

// refuseEach makes one file or directory after the other unreadable, and readable
// again when the program has refused to start.
func refuseEach(t *testing.T, p *program.Program) {
	t.Helper()
	block := blockOf(p, "1.blk")
	content, err := os.ReadFile(block)
	if err != nil {
		t.Fatal(err)
	}
	messages := filepath.Dir(block)
	stream := filepath.Dir(messages)
	mode := func(path string, mode os.FileMode) func() error {
		return func() error { return os.Chmod(path, mode) }
	}
	for _, fault := range []struct {
		name, file string
		do, undo   func() error
	}{
		{"no permission", "1.blk", mode(block, 0), mode(block, 0o600)},
		{"not writable", "1.blk", mode(block, 0o400), mode(block, 0o600)},
		{"of another user", "1.blk", func() error { return os.Chown(block, 0, 0) }, func() error { return os.Chown(block, nobody, nobody) }},
		{"a directory", "1.blk",
			func() error { return errors.Join(os.Rename(block, block+".aside"), os.Mkdir(block, 0o700)) },
			func() error { return errors.Join(os.Remove(block), os.Rename(block+".aside", block)) }},
		{"messages without permission", "msgs", mode(messages, 0), mode(messages, 0o700)},
		{"stream without permission", "SEAWAY", mode(stream, 0), mode(stream, 0o700)},
		{"messages that cannot be written", "msgs", mode(messages, 0o500), mode(messages, 0o700)},
		{"stream that cannot be written", "SEAWAY", mode(stream, 0o500), mode(stream, 0o700)},
		{"directory that cannot be written", "jetstream", mode(filepath.Join(p.Data, "jetstream"), 0o500), mode(filepath.Join(p.Data, "jetstream"), 0o700)},
		{"generations without permission", "GENERATIONS", mode(filepath.Join(p.Data, "GENERATIONS"), 0), mode(filepath.Join(p.Data, "GENERATIONS"), 0o600)},
		{"record without permission", "BLOCKS", mode(filepath.Join(p.Data, "BLOCKS"), 0), mode(filepath.Join(p.Data, "BLOCKS"), 0o600)},
		{"streams without permission", "streams", mode(filepath.Dir(stream), 0), mode(filepath.Dir(stream), 0o700)},
	} {
		if err := fault.do(); err != nil {
			t.Fatal(err)
		}
		if said := refusal(t, p); !strings.Contains(said, fault.file) {
			t.Errorf("%s: the program says %q", fault.name, said)
		}
		if err := fault.undo(); err != nil {
			t.Fatal(err)
		}
		if now, err := os.ReadFile(block); err != nil || !bytes.Equal(now, content) {
			t.Fatalf("%s: the block was changed (%v)", fault.name, err)
		}
	}
}

// The index and the configuration are the server's to make anew, whatever is in
// their place.
func TestUnreadableIndexIsMadeAnew(t *testing.T) {
	t.Parallel()
	p := asNobody(t)
	p.Start()
	for i := range 20 {
		p.Post("lobby", "ann", fmt.Sprint("message ", i))
	}
	for _, name := range []string{"index.db", "../meta.inf", "../meta.sum"} {
		p.Terminate()
		if err := os.Chmod(blockOf(p, name), 0); err != nil {
			t.Fatal(err)
		}
		p.Start()
		texts(t, p, 20)
		if status := p.Status("/healthz"); status != 200 {
			t.Errorf("without %s the health is %d", name, status)
		}
	}
}

func TestDamagedBlockIsDroppedOnDemandOnly(t *testing.T) {
	t.Parallel()
	p := program.Start(t)
	for i := range 50 {
		p.Post("lobby", "ann", fmt.Sprint("message ", i))
	}
	p.Terminate()
	block := blockOf(p, "1.blk")
	data, err := os.ReadFile(block)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(data, []byte("message 20"))
	data[at] ^= 1
	if err := os.WriteFile(block, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if said := refusal(t, p); !strings.Contains(said, "1.blk") || !strings.Contains(said, "-unsafe-drop-damaged-events") {
		t.Errorf("the program says %q", said)
	}
	p.Flags = []string{"-unsafe-drop-damaged-events"}
	p.Start()
	if !strings.Contains(p.Log(), "events were lost") {
		t.Error("the log does not say what was lost")
	}
	texts(t, p, 49)
	// The room's state includes the event that was dropped.
	resp, err := http.Get(p.URL + "/state?topic=room.lobby")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	state, err := io.ReadAll(resp.Body)
	if n := strings.Count(string(state), `"text":"message `); err != nil || n != 50 {
		t.Errorf("the room has %d messages (%v): %.500s", n, err, state)
	}
	if kept, _ := filepath.Glob(filepath.Join(p.Data, "damaged", "*")); len(kept) != 1 {
		t.Errorf("the damaged files kept are %q", kept)
	}
	p.Terminate()
	p.Flags = nil
	p.Start()
	texts(t, p, 49)
}
