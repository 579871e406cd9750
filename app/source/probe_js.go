package source

import (
	"context"
	"syscall/js"
)

// defaultProbe makes one request by fetch and hangs up as soon as it knows: an
// answer that is a stream after all would never end.
func defaultProbe(ctx context.Context, url string) (Answer, error) {
	abort := js.Global().Get("AbortController").New()
	hangUp := func() { abort.Call("abort") }
	stop := context.AfterFunc(ctx, hangUp)
	defer stop()
	defer hangUp()
	resp, err := await(js.Global().Call("fetch", url, map[string]any{
		"headers":  map[string]any{"Accept": "text/event-stream"},
		"redirect": "manual",
		"cache":    "no-store",
		"signal":   abort.Get("signal"),
	}))
	if err != nil {
		return Answer{}, err
	}
	a := answered(resp)
	if mediaType(a.Type) == "application/json" {
		a.Body = readBody(resp)
	}
	return a, nil
}

// answered returns what a response says, but for its body.
func answered(resp js.Value) Answer {
	header := func(name string) string {
		if v := resp.Get("headers").Call("get", name); v.Type() == js.TypeString {
			return v.String()
		}
		return ""
	}
	return Answer{
		Status:     resp.Get("status").Int(),
		Redirect:   resp.Get("type").String() == "opaqueredirect",
		Type:       header("Content-Type"),
		RetryAfter: header("Retry-After"),
		Worker:     controlled(),
	}
}

// controlled reports whether a service worker answers the page's requests.
func controlled() bool {
	workers := js.Global().Get("navigator").Get("serviceWorker") // absent without TLS
	return workers.Truthy() && workers.Get("controller").Truthy()
}

// readBody reads the beginning of an answer's body; what breaks is as good as
// ended.
func readBody(resp js.Value) (body []byte) {
	stream := resp.Get("body")
	if !stream.Truthy() {
		return nil
	}
	reader := stream.Call("getReader")
	for len(body) < maxBody {
		chunk, err := await(reader.Call("read"))
		if err != nil || chunk.Get("done").Bool() {
			break
		}
		bytes := chunk.Get("value")
		read := make([]byte, bytes.Length())
		js.CopyBytesToGo(read, bytes)
		body = append(body, read...)
	}
	return body[:min(len(body), maxBody)]
}
