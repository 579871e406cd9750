package command

import (
	"context"
	"errors"
	"syscall/js"
)

// roundTrip makes one POST with the browser's fetch and reads the whole answer.
// It goes around net/http, whose js half works but weighs as much as the page.
func roundTrip(ctx context.Context, url, key string, body []byte) (status int, reply []byte, err error) {
	abort := js.Global().Get("AbortController").New()
	stop := context.AfterFunc(ctx, func() { abort.Call("abort") })
	defer stop()

	resp, err := await(js.Global().Call("fetch", url, map[string]any{
		"method":  "POST",
		"headers": map[string]any{"Content-Type": "application/json", KeyHeader: key},
		"body":    string(body),
		"signal":  abort.Get("signal"),
	}))
	if err != nil {
		return 0, nil, err
	}
	text, err := await(resp.Call("text"))
	if err != nil {
		return 0, nil, err
	}
	return resp.Get("status").Int(), []byte(text.String()), nil
}

// await blocks until the promise settles. Both callbacks are released here, so
// a rejected promise leaks nothing.
func await(promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	settled := make(chan outcome, 1)
	done := js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- outcome{value: args[0]}
		return nil
	})
	defer done.Release()
	failed := js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- outcome{err: errors.New(args[0].Call("toString").String())}
		return nil
	})
	defer failed.Release()
	promise.Call("then", done, failed)
	o := <-settled
	return o.value, o.err
}
