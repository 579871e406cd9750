package browser_test

import (
	"context"
	"errors"
	"strings"
	"syscall/js"
	"testing"

	"github.com/seawaykit/seaway/shared/browser"
)

// released fails a test that leaves a callback.
func released(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		if n := browser.Callbacks(); n != 0 {
			t.Errorf("%d callbacks are not released", n)
		}
	})
}

// fetching replaces the browser's fetch until the test ends. init is what it is
// called with last.
func fetching(t *testing.T, answer func(url string, init js.Value) any) {
	t.Helper()
	was := js.Global().Get("fetch")
	fake := js.FuncOf(func(_ js.Value, args []js.Value) any { return answer(args[0].String(), args[1]) })
	js.Global().Set("fetch", fake)
	t.Cleanup(func() {
		js.Global().Set("fetch", was)
		fake.Release()
	})
}

// response is the promise of a real Response.
func response(body any, init map[string]any) js.Value {
	return js.Global().Get("Promise").Call("resolve", js.Global().Get("Response").New(body, init))
}

func TestAwaitReturnsWhatAPromiseSettlesTo(t *testing.T) {
	released(t)
	promise := js.Global().Get("Promise")
	if v, err := browser.Await(promise.Call("resolve", 7)); err != nil || v.Int() != 7 {
		t.Errorf("got %v, %v", v, err)
	}
	_, err := browser.Await(promise.Call("reject", js.Global().Get("TypeError").New("no")))
	if err == nil || err.Error() != "TypeError: no" {
		t.Errorf("rejected with %v", err)
	}
	later, resolve := browser.NewPromise()
	go resolve.Invoke("late")
	if v, err := browser.Await(later); err != nil || v.String() != "late" {
		t.Errorf("got %v, %v", v, err)
	}
}

func TestNewSaysWhatTheBrowserDoesNotHave(t *testing.T) {
	if _, err := browser.New("NoSuchClass"); !errors.Is(err, errors.ErrUnsupported) || !strings.Contains(err.Error(), "NoSuchClass") {
		t.Errorf("without the class: %v", err)
	}
	var thrown js.Error
	if _, err := browser.New("URL", "no address"); !errors.As(err, &thrown) {
		t.Errorf("with a bad argument: %v", err)
	}
	if u, err := browser.New("URL", "https://example.com/a"); err != nil || u.Get("pathname").String() != "/a" {
		t.Errorf("got %v, %v", u, err)
	}
	if browser.Has("NoSuchClass") || !browser.Has("EventSource") {
		t.Error("Has is wrong")
	}
}

func TestResolveReturnsAnAbsoluteAddress(t *testing.T) {
	origin := js.Global().Get("location").Get("origin").String()
	for reference, want := range map[string]string{"/a?b=c": origin + "/a?b=c", "https://example.com/x": "https://example.com/x"} {
		if got, err := browser.Resolve(reference); err != nil || got != want {
			t.Errorf("%s is %s, %v", reference, got, err)
		}
	}
	if _, err := browser.Resolve("http://127.0.0.1:99999/"); err == nil {
		t.Error("an address that is none is resolved")
	}
}

func TestListenReceivesUntilItIsStopped(t *testing.T) {
	released(t)
	target := js.Global().Get("EventTarget").New()
	var received []string
	stop := browser.Listen(target, func(e js.Value) { received = append(received, e.Get("type").String()) }, "a", "b")
	dispatch := func(name string) { target.Call("dispatchEvent", js.Global().Get("Event").New(name)) }
	dispatch("a")
	dispatch("c")
	dispatch("b")
	stop()
	dispatch("a")
	if got := strings.Join(received, " "); got != "a b" {
		t.Errorf("heard %q, want a and b", got)
	}
}

func TestFetchSendsTheRequest(t *testing.T) {
	released(t)
	var sent string
	fetching(t, func(url string, init js.Value) any {
		sent = url + " " + js.Global().Get("JSON").Call("stringify", init).String()
		return response("text", map[string]any{"status": 418, "headers": map[string]any{"Retry-After": "7"}})
	})
	resp, err := browser.Fetch(t.Context(), "/a", browser.Request{
		Method: "POST", Headers: map[string]any{"X-A": "b"}, Body: "{}", Redirect: "manual", Cache: "no-store",
	})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Close()
	for _, part := range []string{"/a ", `"method":"POST"`, `"X-A":"b"`, `"body":"{}"`, `"redirect":"manual"`, `"cache":"no-store"`} {
		if !strings.Contains(sent, part) {
			t.Errorf("sent %s, without %s", sent, part)
		}
	}
	if resp.Status() != 418 || resp.Redirects() || resp.Header("Retry-After") != "7" || resp.Header("X-None") != "" {
		t.Errorf("the answer is %d, %q", resp.Status(), resp.Header("Retry-After"))
	}
	if text, err := resp.Text(); err != nil || text != "text" {
		t.Errorf("the body is %q, %v", text, err)
	}
}

// A GET has no body, and browsers refuse one that is given one.
func TestFetchOfAZeroRequestIsAGet(t *testing.T) {
	released(t)
	fetching(t, func(_ string, init js.Value) any {
		for _, name := range []string{"method", "body", "redirect", "cache"} {
			if !init.Get(name).IsUndefined() {
				t.Errorf("%s is %v", name, init.Get(name))
			}
		}
		return response(nil, nil)
	})
	resp, err := browser.Fetch(t.Context(), "/", browser.Request{})
	if err != nil {
		t.Fatal(err)
	}
	resp.Close()
}

func TestFetchIsAbortedWithItsContext(t *testing.T) {
	released(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	fetching(t, func(_ string, init js.Value) any {
		return js.Global().Call("eval", `(signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("told to stop"))))`).
			Invoke(init.Get("signal"))
	})
	go cancel()
	if _, err := browser.Fetch(ctx, "/", browser.Request{}); err == nil || err.Error() != "Error: told to stop" {
		t.Errorf("the error is %v", err)
	}
}

// An answer that does not end is ended by Close, and only then.
func TestResponseIsEndedByClose(t *testing.T) {
	released(t)
	var signal js.Value
	fetching(t, func(_ string, init js.Value) any {
		signal = init.Get("signal")
		body := js.Global().Call("eval", `new ReadableStream({start(c) { c.enqueue(new TextEncoder().encode("0123456789")) }})`)
		return response(body, nil)
	})
	resp, err := browser.Fetch(t.Context(), "/", browser.Request{})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(resp.Head(4)); got != "0123" {
		t.Errorf("the beginning is %q", got)
	}
	if signal.Get("aborted").Bool() {
		t.Error("it was aborted before Close")
	}
	resp.Close()
	if !signal.Get("aborted").Bool() {
		t.Error("it was not aborted by Close")
	}
}

func TestResponseWithoutABodyHasNoBeginning(t *testing.T) {
	released(t)
	fetching(t, func(string, js.Value) any { return response(nil, map[string]any{"status": 204}) })
	resp, err := browser.Fetch(t.Context(), "/", browser.Request{})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Close()
	if got := resp.Head(10); got != nil {
		t.Errorf("the beginning is %q", got)
	}
}
