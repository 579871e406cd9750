package command_test

import (
	"context"
	"errors"
	"strings"
	"syscall/js"
	"testing"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
)

// fetching replaces the browser's fetch by fn, which returns a promise, until
// the test ends.
func fetching(t *testing.T, fn func(url string, init js.Value) any) {
	t.Helper()
	was := js.Global().Get("fetch")
	fake := js.FuncOf(func(_ js.Value, args []js.Value) any { return fn(args[0].String(), args[1]) })
	js.Global().Set("fetch", fake)
	t.Cleanup(func() {
		js.Global().Set("fetch", was)
		fake.Release()
	})
}

func promise(kind string, v any) js.Value { return js.Global().Get("Promise").Call(kind, v) }

// answer is the promise of a real Response.
func answer(status int, body string) js.Value {
	return promise("resolve", js.Global().Get("Response").New(body, map[string]any{"status": status}))
}

func TestPageCallsWithFetch(t *testing.T) {
	fetching(t, func(url string, init js.Value) any {
		headers := init.Get("headers")
		if url != "/commands/test.add" || init.Get("method").String() != "POST" || init.Get("body").String() != `{"a":1,"b":2}` ||
			headers.Get("Content-Type").String() != "application/json" || headers.Get(command.IdempotencyKeyHeader).String() != "mine" {
			t.Errorf("fetched %s with %s", url, js.Global().Get("JSON").Call("stringify", init))
		}
		return answer(200, `{"sum":3}`)
	})
	got, err := command.Call(t.Context(), add, addRequest{A: 1, B: 2}, command.WithIdempotencyKey("mine"))
	if err != nil || got.Sum != 3 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestPageCallsAgainAfterARejectedPromise(t *testing.T) {
	var keys []string
	fetching(t, func(_ string, init js.Value) any {
		keys = append(keys, init.Get("headers").Get(command.IdempotencyKeyHeader).String())
		if len(keys) == 1 {
			return promise("reject", js.Global().Get("TypeError").New("Failed to fetch"))
		}
		return answer(200, `{"sum":3}`)
	})
	got, err := command.Call(t.Context(), add, addRequest{A: 1, B: 2})
	if err != nil || got.Sum != 3 || len(keys) != 2 || keys[0] != keys[1] {
		t.Errorf("got %+v, %v under the keys %q, want 3 under the same one twice", got, err, keys)
	}
}

func TestPageReceivesARefusal(t *testing.T) {
	fetching(t, func(string, js.Value) any {
		return answer(400, `{"error":{"code":"invalid","message":"too small","field":"a"}}`)
	})
	_, err := command.Call(t.Context(), add, addRequest{})
	var refused *fault.Error
	if !errors.As(err, &refused) || *refused != *fault.Field("a", "too small") {
		t.Errorf("got %v", err)
	}
}

func TestPageAbortsAFetchWhenTheContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	fetching(t, func(_ string, init js.Value) any {
		return js.Global().Get("Promise").New(rejectOnAbort(t, init.Get("signal"), cancel))
	})
	_, err := command.Call(ctx, add, addRequest{})
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "told to stop") {
		t.Errorf("got %v, want the context's error and the fetch's own", err)
	}
}

// rejectOnAbort is the executor of a promise that is rejected when the signal
// fires, as a real fetch is. It cancels as soon as it listens.
func rejectOnAbort(t *testing.T, signal js.Value, cancel context.CancelFunc) js.Func {
	t.Helper()
	executor := js.FuncOf(func(_ js.Value, args []js.Value) any {
		reject := args[1]
		stop := js.FuncOf(func(js.Value, []js.Value) any {
			reject.Invoke(js.Global().Get("Error").New("told to stop"))
			return nil
		})
		t.Cleanup(stop.Release)
		signal.Call("addEventListener", "abort", stop)
		cancel()
		return nil
	})
	t.Cleanup(executor.Release)
	return executor
}
