package browser

import (
	"context"
	"syscall/js"
)

// A Request configures [Fetch]. The zero Request is a GET.
type Request struct {
	Method   string         // default "GET"
	Headers  map[string]any // texts by name
	Body     string         // none if empty
	Redirect string         // default "follow"; see the Fetch Standard
	Cache    string         // default "default"; see there
}

func (r Request) init(signal js.Value) map[string]any {
	init := map[string]any{"headers": r.Headers, "signal": signal}
	set := func(name, value string) {
		if value != "" {
			init[name] = value
		}
	}
	set("method", r.Method)
	set("body", r.Body)
	set("redirect", r.Redirect)
	set("cache", r.Cache)
	return init
}

// Fetch makes one request, to the [Address] of url, and returns when the answer's headers have arrived. When
// ctx ends, the request and the reading of its body are aborted.
func Fetch(ctx context.Context, url string, r Request) (*Response, error) {
	controller := js.Global().Get("AbortController").New()
	abort := func() { controller.Call("abort") }
	stop := context.AfterFunc(ctx, abort)
	native, err := Await(js.Global().Call("fetch", Address(url), r.init(controller.Get("signal"))))
	if err != nil {
		stop()
		return nil, err
	}
	return &Response{native: native, abort: abort, stop: stop}, nil
}

// A Response is an answer whose body may still be arriving.
type Response struct {
	native js.Value
	abort  func()
	stop   func() bool
}

// Close aborts what is left of the answer. It must be called once.
func (r *Response) Close() {
	r.stop()
	r.abort()
}

// Status returns the status, or 0 if the server redirects and the request does not
// follow.
func (r *Response) Status() int { return r.native.Get("status").Int() }

// Redirects reports whether the server redirects and the request does not follow.
// Browsers do not reveal where to.
func (r *Response) Redirects() bool { return r.native.Get("type").String() == "opaqueredirect" }

// Header returns a header of the answer, or "" without it.
func (r *Response) Header(name string) string {
	if v := r.native.Get("headers").Call("get", name); v.Type() == js.TypeString {
		return v.String()
	}
	return ""
}

// Text reads the whole body.
func (r *Response) Text() (string, error) {
	text, err := Await(r.native.Call("text"))
	if err != nil {
		return "", err
	}
	return text.String(), nil
}

// Head reads the beginning of the body, at most n bytes. A body that breaks counts
// as one that ends.
func (r *Response) Head(n int) (body []byte) {
	stream := r.native.Get("body")
	if !stream.Truthy() {
		return nil
	}
	reader := stream.Call("getReader")
	for len(body) < n {
		chunk, err := Await(reader.Call("read"))
		if err != nil || chunk.Get("done").Bool() {
			break
		}
		bytes := chunk.Get("value")
		read := make([]byte, bytes.Length())
		js.CopyBytesToGo(read, bytes)
		body = append(body, read...)
	}
	return body[:min(len(body), n)]
}
