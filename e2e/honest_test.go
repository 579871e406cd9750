package e2e_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// An anyPage is a page in whatever browser.
type anyPage interface {
	navigate(url string)
	until(what, expr string)
	screenshot(name string)
}

// inBothBrowsers runs a test in Chromium and in Firefox.
func inBothBrowsers(t *testing.T, test func(t *testing.T, v anyPage)) {
	t.Run("Chromium", func(t *testing.T) {
		t.Parallel()
		test(t, openTab(t))
	})
	t.Run("Firefox", func(t *testing.T) {
		t.Parallel()
		test(t, openFirefox(t))
	})
}

// says is a JavaScript expression: the status is a text.
func says(text string) string {
	return `document.querySelector("#status")?.textContent === ` + quoted(text)
}

// Whatever keeps the page's program from running is said in the place of the status, and
// what the server drew can be read.
func TestStatusSaysWhyThePageDoesNotRun(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.post("ann", "to be read")
	ends := buildProgram(t, `package main; func main() { panic("at start") }`)
	cases := []struct {
		name, want string
		alter      func(*http.Response)
	}{
		{"no-webassembly", "Not live: no WebAssembly here. Reload to update.", beforeScripts("delete window.WebAssembly")},
		{"blocked", "Not live: WebAssembly is blocked. Reload to update.", forbidWasm},
		{"not-found", "Not live: loading failed (404). Reload to try again.", wasmIs(404, []byte("not here"))},
		{"forbidden", "Not live: loading failed (403). Reload to try again.", wasmIs(403, []byte("not for you"))},
		{"cut", "Not live: loading has failed. Reload to try again.", cutWasm},
		{"no-program", "Not live: the page did not start. Reload to try again.", wasmIs(200, []byte("\x00asm\x01\x00\x00\x00"))},
		{"panics", "Not live: the page did not start. Reload to try again.", wasmIs(200, ends)},
		{"no-script", "Not live: a script is missing. Reload to try again.", func(r *http.Response) {
			if r.Request.URL.Path == "/wasm_exec.js" {
				replace(r, 404, nil)
			}
		}},
	}
	inBothBrowsers(t, func(t *testing.T, v anyPage) {
		for _, c := range cases {
			p := startAltering(t, s, c.alter)
			v.navigate(p.URL + "/room/lobby")
			v.until(c.name+" is said", says(c.want))
			v.until(c.name+" leaves what was drawn", `document.body.textContent.includes("to be read") && !document.querySelector("#app-wasm-loader")`)
			v.until(c.name+" is all there", whole("#status"))
			if c.name == "not-found" {
				v.screenshot("no-wasm-" + browserName(v))
			}
		}
	})
}

// Without the page's script nothing can say so but the style sheet, after a while.
func TestStatusSaysThatTheScriptIsMissing(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	inBothBrowsers(t, func(t *testing.T, v anyPage) {
		p := startAltering(t, s, func(r *http.Response) {
			if r.Request.URL.Path == "/seaway.js" {
				replace(r, 404, nil)
			}
		})
		v.navigate(p.URL + "/room/lobby")
		v.until("it is said", `(e => getComputedStyle(e).visibility === "visible" && e.offsetWidth > 100)(document.querySelector(".seaway-late")) && getComputedStyle(document.querySelector("#status")).visibility === "hidden"`)
		v.screenshot("script-missing-" + browserName(v))
		v.navigate(s.url + "/room/lobby")
		v.until("with the script it is not", says("live")+` && getComputedStyle(document.querySelector(".seaway-late")).visibility === "hidden"`)
	})
}

// whole is a JavaScript expression: nothing of an element's text is cut off.
func whole(selector string) string {
	return fmt.Sprintf(`(e => e.scrollHeight <= e.clientHeight + 1 && e.scrollWidth <= e.clientWidth + 1)(document.querySelector(%q))`, selector)
}

func browserName(v anyPage) string {
	if _, ok := v.(*tab); ok {
		return "chromium"
	}
	return "firefox"
}

// buildProgram compiles a program for the browser.
func buildProgram(t *testing.T, source string) []byte {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "main.go"), source)
	write(t, filepath.Join(dir, "go.mod"), "module ends\n\ngo 1.24\n")
	cmd := exec.Command("go", "build", "-o", "ends.wasm", ".")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOWORK=off")
	output(t, cmd)
	wasm, err := os.ReadFile(filepath.Join(dir, "ends.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return wasm
}

// A program that ends while the page is live is not live any more, and says so. Its forms
// are the browser's from then on.
func TestStatusSaysThatTheProgramHasStopped(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	inBothBrowsers(t, func(t *testing.T, v anyPage) {
		v.navigate(s.url + "/room/lobby")
		v.until("it is live", says("live"))
		// What JavaScript throws where a program reads a property ends it.
		v.until("it has been stopped", `(field => {
			Object.defineProperty(field, "value", {configurable: true, get() { throw new Error("no") }});
			field.dispatchEvent(new Event("input", {bubbles: true}));
			delete field.value;
			return true;
		})(document.querySelector("#text"))`)
		v.until("it says so", says("Not live: the page has stopped. Reload to go on."))
		text := "of the browser " + browserName(v)
		v.until("a form is filled in", fmt.Sprintf(`(document.querySelector("#author").value = "Ann", document.querySelector("#text").value = %q, document.querySelector("#send").click(), 1)`, text))
		v.until("it is posted", shows(text))
		v.until("the page is live again", says("live"))
		if got := s.roomTexts(2); strings.Count(strings.Join(got, "\n"), text) != 1 {
			t.Errorf("the room has %q", got)
		}
	})
}

// shows is a JavaScript expression: a message is shown.
func shows(text string) string {
	return `[...document.querySelectorAll("#messages .text")].filter(e => e.textContent === ` + quoted(text) + `).length === 1`
}

// While the wasm arrives, the status counts its bytes, as they come over the line.
func TestStatusCountsWhatArrivesOfTheProgram(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	inBothBrowsers(t, func(t *testing.T, v anyPage) {
		p := startAltering(t, s, nil)
		p.hold()
		if b, ok := v.(*tab); ok {
			b.slow(600_000, 20)
		}
		v.navigate(p.URL + "/room/lobby")
		resp, err := http.DefaultTransport.RoundTrip(wasmRequest(t, s))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		all := fmt.Sprintf("%d,%03d", (resp.ContentLength+500)/1000/1000, (resp.ContentLength+500)/1000%1000)
		v.until("half of it is there", `(m => m && m[1].replace(",", "") > 300 && m[2] === "`+all+`")(/^Loading ([\d,]+) of ([\d,]+) KB$/.exec(document.querySelector("#status").textContent))`)
		v.screenshot("loading-" + browserName(v))
		p.open()
		v.until("it is live", says("live"))
	})
}

// wasmRequest asks for the wasm as browsers do on an address without TLS.
func wasmRequest(t *testing.T, s *server) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", s.url+"/web/app.wasm", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	return r
}

// Without JavaScript the page says so, and its form posts.
func TestPageWithoutJavaScriptSaysSoAndPosts(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.post("ann", "to be read")
	b := openTab(t)
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	for name, width := range map[string]int64{"desk": 1280, "phone": 390} {
		for _, scheme := range []string{"light", "dark"} {
			b.emulate(width, 800, scheme)
			b.navigate(s.url + "/room/lobby")
			b.until("it says so", `document.querySelector(".seaway-status").innerText.trim() === "Not live: JavaScript is off. Reload to update."`)
			b.screenshot("no-javascript-" + name + "-" + scheme)
		}
	}
	b.typeInto("author", "Bob")
	b.typeInto("text", "without a script")
	b.click("#send")
	b.until("the page shows it", shows("without a script"))
	if got := eval[string](b, `location.pathname + location.search + location.hash`); got != "/room/lobby" {
		t.Errorf("the page is at %s", got)
	}
	b.typeInto("text", " ")
	b.click("#send")
	b.until("the reason is there", `document.querySelector("[role=alert]")?.textContent === "The text is empty."`)
	b.screenshot("refused-form-dark")
	b.emulate(1280, 800, "light")
	b.screenshot("refused-form-light")
	eval[string](b, `(document.querySelector("textarea[name=text]").value = "after all", "")`)
	b.click("button")
	b.until("the page shows it", shows("after all"))
}
