package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	browsers "github.com/seawaykit/seaway/e2e/wasmexec/browser"
)

// A firefox is a page in a Firefox of its own, driven by WebDriver BiDi. The
// protocol is small enough to be spoken without a library: commands and answers
// are JSON texts on a WebSocket.
type firefox struct {
	t       testing.TB
	ctx     context.Context
	conn    *websocket.Conn
	process *browsers.Process
	sent    int
	context string // its only tab
}

func openFirefox(t testing.TB) *firefox {
	t.Helper()
	program, err := browsers.Firefox.Find()
	if err != nil {
		t.Fatal(err)
	}
	return launchFirefox(t, program)
}

func launchFirefox(t testing.TB, program browsers.Program) *firefox {
	t.Helper()
	process, err := program.Launch("about:blank", "--remote-debugging-port", "0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(process.Kill)
	said := regexp.MustCompile(`WebDriver BiDi listening on (ws://\S+)`)
	until(t, "Firefox listens", func() bool { return said.MatchString(process.Output()) })
	ctx, cancel := context.WithTimeout(t.Context(), tabLimit)
	t.Cleanup(cancel)
	conn, _, err := websocket.Dial(ctx, said.FindStringSubmatch(process.Output())[1]+"/session", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	conn.SetReadLimit(1 << 20)
	f := &firefox{t: t, ctx: ctx, conn: conn, process: process}
	f.call("session.new", map[string]any{"capabilities": map[string]any{}}, nil)
	var tree struct{ Contexts []struct{ Context string } }
	f.call("browsingContext.getTree", map[string]any{}, &tree)
	f.context = tree.Contexts[0].Context
	return f
}

// call sends a command and reads its result.
func (f *firefox) call(method string, params map[string]any, result any) {
	f.t.Helper()
	f.sent++
	if err := wsjson.Write(f.ctx, f.conn, map[string]any{"id": f.sent, "method": method, "params": params}); err != nil {
		f.t.Fatalf("%s: %v", method, err)
	}
	var answer struct {
		ID             int
		Error, Message string
		Result         json.RawMessage
	}
	for answer.ID != f.sent { // what has no number is an event
		if err := wsjson.Read(f.ctx, f.conn, &answer); err != nil {
			f.t.Fatalf("%s: %v", method, err)
		}
	}
	if answer.Error != "" {
		f.t.Fatalf("%s: %s: %s", method, answer.Error, answer.Message)
	}
	if result != nil {
		if err := json.Unmarshal(answer.Result, result); err != nil {
			f.t.Fatalf("%s: %v", method, err)
		}
	}
}

func (f *firefox) navigate(url string) {
	f.t.Helper()
	f.call("browsingContext.navigate", map[string]any{"context": f.context, "url": url, "wait": "complete"}, nil)
}

// eval stores the value of a JavaScript expression.
func (f *firefox) eval(expr string, value any) {
	f.t.Helper()
	var said struct {
		Type             string
		Result           struct{ Value string }
		ExceptionDetails struct{ Text string }
	}
	f.call("script.evaluate", map[string]any{
		"expression": "JSON.stringify(" + expr + ")", "awaitPromise": false, "target": map[string]any{"context": f.context},
	}, &said)
	if said.Type != "success" {
		f.t.Fatalf("%s: %s", expr, said.ExceptionDetails.Text)
	}
	if err := json.Unmarshal([]byte(said.Result.Value), value); err != nil {
		f.t.Fatalf("%s: %v", expr, err)
	}
}

// until waits until a JavaScript expression is true.
func (f *firefox) until(what, expr string) {
	f.t.Helper()
	until(f.t, what, func() (ok bool) {
		f.eval("!!("+expr+")", &ok)
		return ok
	})
}

func (f *firefox) untilLive() {
	f.t.Helper()
	f.until("the page is live", `document.querySelector("#status")?.textContent === "live"`)
}

// crash ends the processes that show pages, as a fault in one would, and opens another
// tab: the crashed one can only be restored by hand.
func (f *firefox) crash() {
	f.t.Helper()
	if n := f.process.KillContent(); n == 0 {
		f.t.Fatal("Firefox has no process for its pages")
	}
	var opened struct{ Context string }
	f.call("browsingContext.create", map[string]any{"type": "tab"}, &opened)
	f.context = opened.Context
}

// screenshot saves a picture below e2e/out, to be looked at.
func (f *firefox) screenshot(name string) {
	f.t.Helper()
	var picture struct{ Data []byte }
	f.call("browsingContext.captureScreenshot", map[string]any{"context": f.context}, &picture)
	if err := os.MkdirAll("out", 0o755); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("out", name+".png"), picture.Data, 0o644); err != nil {
		f.t.Fatal(err)
	}
}

func (f *firefox) texts() (texts []string) {
	f.t.Helper()
	f.eval(`[...document.querySelectorAll("#messages .message .text")].map(e => e.textContent)`, &texts)
	return texts
}

// The program's page in Firefox: its service worker active, the server killed in
// the middle of a burst and started again.
func TestFirefoxLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	f := openFirefox(t)
	f.navigate(s.url + lobby)
	f.untilLive()
	f.until("a service worker controls the page", `navigator.serviceWorker.controller`)
	f.navigate(s.url + lobby) // once more, through the worker
	f.until("it controls this load", `navigator.serviceWorker.controller`)
	f.untilLive()
	var loadedOnce bool
	f.eval(`window.loadedOnce = true`, &loadedOnce)
	restarted := make(chan struct{})
	want := postBurst(s, func() {
		defer close(restarted)
		s.kill()
		s.start()
	})
	<-restarted
	f.until("the page shows the last message", fmt.Sprintf(`[...document.querySelectorAll("#messages .text")].some(e => e.textContent === %q)`, want[len(want)-1]))
	if got := f.texts(); !slices.Equal(got, want) {
		t.Errorf("the page shows %s", difference(got, want))
	}
	f.untilLive()
	f.eval(`!!window.loadedOnce`, &loadedOnce)
	if !loadedOnce {
		t.Error("the page was loaded again")
	}
}

// A message goes out from Firefox, too, and comes back.
func TestFirefoxPosts(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	f := openFirefox(t)
	f.navigate(s.url + lobby)
	f.untilLive()
	var clicked bool
	f.eval(`(() => {
		for (const [id, value] of [["author", "ann"], ["text", "from Firefox"]]) {
			const field = document.getElementById(id);
			field.value = value;
			for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, {bubbles: true}));
		}
		document.getElementById("send").click();
		return true;
	})()`, &clicked)
	until(t, "the page shows its message", func() bool { return slices.Contains(f.texts(), "from Firefox") })
	if got := s.events("topic=room.lobby&last=1", 1); len(got) != 1 {
		t.Errorf("the log has %d messages", len(got))
	}
}
