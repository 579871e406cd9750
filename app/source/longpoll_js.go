package source

import (
	"context"
	"syscall/js"
)

const canGet = true

// get makes one request by fetch. It says that it accepts a stream, which is
// how service workers know what to leave alone.
func get(ctx context.Context, url string) (a Answer, body string, err error) {
	abort := js.Global().Get("AbortController").New()
	stop := context.AfterFunc(ctx, func() { abort.Call("abort") })
	defer stop()
	resp, err := await(js.Global().Call("fetch", url, map[string]any{
		"headers": map[string]any{"Accept": "text/event-stream"},
		"cache":   "no-store",
		"signal":  abort.Get("signal"),
	}))
	if err != nil {
		return Answer{}, "", err
	}
	text, err := await(resp.Call("text"))
	if err != nil {
		return Answer{}, "", err
	}
	return answered(resp), text.String(), nil
}
