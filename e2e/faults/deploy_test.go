package faults_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/e2e/faults/program"
)

const deploy = "../deploy"

// unit returns the text of the systemd unit, with the program under test in the place of
// the one that it runs, and the flags that it gives to it.
func unit(t *testing.T) (text string, flags []string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(deploy, "seaway.service"))
	if err != nil {
		t.Fatal(err)
	}
	text = strings.Replace(string(data), "/usr/local/bin/seaway -addr", program.Binary(t)+" -addr", 1)
	_, line, ok := strings.Cut(text, "ExecStart="+program.Binary(t)+" ")
	if !ok {
		t.Fatal("the unit does not run /usr/local/bin/seaway")
	}
	line, _, _ = strings.Cut(line, "\n")
	return text, strings.Fields(line)
}

// systemd finds no fault in the unit, and nearly nothing that it leaves open.
func TestUnitIsSoundAndHardened(t *testing.T) {
	text, _ := unit(t)
	name := filepath.Join(t.TempDir(), "seaway.service")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	verify := func(name string) (string, error) {
		out, err := exec.Command("systemd-analyze", "verify", "--man=no", name).CombinedOutput()
		return string(out), err
	}
	if out, err := verify(name); err != nil || out != "" {
		t.Errorf("systemd-analyze verify: %v: %s", err, out)
	}
	wrong := filepath.Join(t.TempDir(), "seaway.service")
	if err := os.WriteFile(wrong, []byte(strings.Replace(text, "ProtectSystem=strict", "ProtectSystem=strictly", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := verify(wrong); err == nil && out == "" {
		t.Error("this systemd does not see a wrong setting")
	}
	// In tenths: 15 is an exposure of 1.5 of 10.
	out, err := exec.Command("systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=15", name).CombinedOutput()
	if err != nil {
		t.Errorf("systemd-analyze security: %v\n%s", err, out)
	}
}

// Of all that the program asks the kernel for, from its start over a post and a backup
// to its end, the unit's filter refuses nothing.
func TestUnitLetsTheProgramDoItsWork(t *testing.T) {
	_, flags := unit(t)
	flags = flags[slices.Index(flags, "-log-format"):]
	trace := filepath.Join(t.TempDir(), "trace")
	p := program.New(t, flags...)
	p.Through = []string{"strace", "-D", "-f", "-o", trace} // the child is the program
	p.Start()
	p.Post("lobby", "ann", "hello")
	out, err := exec.Command("strace", "-f", "-qq", "-o", trace+".backup", p.Binary, "backup", filepath.Join(t.TempDir(), "copy"), "-data", p.Data).CombinedOutput()
	if err != nil {
		t.Fatalf("backup: %v: %s", err, out)
	}
	p.Terminate()
	program.Until(t, time.Minute, "the trace is complete", func() bool {
		data, err := os.ReadFile(trace)
		return err == nil && strings.HasSuffix(string(data), "+++ exited with 0 +++\n")
	})
	called := map[string]bool{}
	for _, name := range []string{trace, trace + ".backup"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`(?m)^\d+ +(\w+)\(`).FindAllStringSubmatch(string(data), -1) {
			called[found[1]] = true
		}
	}
	if len(called) < 30 || !called["epoll_ctl"] {
		t.Fatalf("the trace has %d calls only", len(called))
	}
	allowed := filtered(t, "@system-service")
	for _, set := range []string{"@privileged", "@resources"} {
		for name := range filtered(t, set) {
			delete(allowed, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(called)) {
		if !allowed[name] && name != "execve" {
			t.Errorf("the unit refuses %s", name)
		}
	}
}

// filtered returns the calls in one of systemd's sets, and in those that it names.
func filtered(t *testing.T, set string) map[string]bool {
	t.Helper()
	out, err := exec.Command("systemd-analyze", "syscall-filter", "--no-pager", set).Output()
	if err != nil {
		t.Fatalf("systemd-analyze syscall-filter %s: %v", set, err)
	}
	all := map[string]bool{}
	for _, word := range strings.Fields(string(out))[1:] {
		if strings.HasPrefix(word, "@") {
			maps.Copy(all, filtered(t, word))
		} else {
			all[word] = true
		}
	}
	return all
}

// A container is what Containerfile says of its last stage.
type container struct {
	user       string
	volume     string
	entrypoint []string
}

func readContainer(t *testing.T) (c container) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(deploy, "Containerfile"))
	if err != nil {
		t.Fatal(err)
	}
	_, last, ok := strings.Cut(string(text), "FROM scratch\nCOPY --from=build /rootfs /\n")
	if !ok || !strings.Contains(string(text), "rootfs.sh /rootfs") {
		t.Fatal("the last stage is not the root file system that rootfs.sh makes")
	}
	for line := range strings.Lines(last) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "USER":
			c.user = rest
		case "VOLUME":
			c.volume = rest
		case "ENTRYPOINT":
			if err := json.Unmarshal([]byte(rest), &c.entrypoint); err != nil {
				t.Fatal(err)
			}
		}
	}
	return c
}

// The container's root file system is made without an engine, and its program runs in
// it as its user, with nothing else there: it keeps what is posted over a kill.
func TestContainerRunsAsAnOrdinaryUser(t *testing.T) {
	c := readContainer(t)
	root, err := os.MkdirTemp("", "seaway-root-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	if out, err := exec.Command(filepath.Join(deploy, "rootfs.sh"), root, program.Binary(t)).CombinedOutput(); err != nil {
		t.Fatalf("rootfs.sh: %v: %s", err, out)
	}
	if c.user == "" || strings.HasPrefix(c.user, "0") || c.volume != "/data" || len(c.entrypoint) == 0 || !slices.Contains(c.entrypoint, "/data") {
		t.Fatalf("the container is %+v", c)
	}
	p := program.New(t, slices.DeleteFunc(c.entrypoint[1:], func(s string) bool { return s == "-addr" || s == ":8000" })...)
	// The volume is a directory of the container's user; the rest cannot be written to.
	p.Binary, p.Data = c.entrypoint[0], c.volume
	p.Through = []string{"chroot", "--userspec=" + c.user, root}
	p.Start()
	p.Post("lobby", "ann", "hello")
	p.Kill()
	p.Start()
	resp, err := http.Get(p.URL + "/poll?topic=room.lobby&last=10")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || !strings.Contains(string(body), `"text":"hello"`) {
		t.Errorf("after a kill the room has %s (%v)", body, err)
	}
	if status, _ := p.Terminate(); status != 0 {
		t.Errorf("it ends with %d", status)
	}
	for _, name := range []string{"etc", "seaway", "data"} {
		info, err := os.Stat(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if mine := strings.Contains(fmt.Sprintf("%+v", info.Sys()), "Uid:65532"); mine != (name == "data") {
			t.Errorf("/%s belongs to the program: %v", name, mine)
		}
	}
}
