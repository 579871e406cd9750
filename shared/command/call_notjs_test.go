//go:build !js

package command_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
)

// network stands in for the network below the standard client: answer decides
// what the nth request meets, counted from 1.
type network struct {
	answer func(n int, r *http.Request) (*http.Response, error)

	times []time.Time
	keys  []string
}

func (nw *network) RoundTrip(r *http.Request) (*http.Response, error) {
	nw.times = append(nw.times, time.Now())
	nw.keys = append(nw.keys, r.Header.Get(command.IdempotencyKeyHeader))
	return nw.answer(len(nw.times), r)
}

// call adds one and two over the network, in fake time. No test that uses it
// may be parallel: the client is the program's.
func (nw *network) call(ctx context.Context, opts ...command.CallOption) (addReply, error) {
	was := http.DefaultClient.Transport
	http.DefaultClient.Transport = nw
	defer func() { http.DefaultClient.Transport = was }()
	opts = append([]command.CallOption{command.To("http://seaway.test")}, opts...)
	return command.Call(ctx, add, addRequest{A: 1, B: 2}, opts...)
}

func response(status int, body string) (*http.Response, error) {
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body))}, nil
}

const three = `{"sum":3}`

func TestCallIsOnePost(t *testing.T) {
	nw := &network{answer: func(_ int, r *http.Request) (*http.Response, error) {
		body, _ := io.ReadAll(r.Body)
		if r.Method != "POST" || r.URL.String() != "http://seaway.test/commands/test.add" || string(body) != `{"a":1,"b":2}` {
			t.Errorf("sent %s %s %s", r.Method, r.URL, body)
		}
		if got := r.Header.Get("Content-Type"); got != "application/json" {
			t.Errorf("Content-Type is %q", got)
		}
		return response(200, three)
	}}
	if got, err := nw.call(t.Context(), command.WithIdempotencyKey("mine")); err != nil || got.Sum != 3 {
		t.Errorf("got %+v, %v", got, err)
	}
	if len(nw.keys) != 1 || nw.keys[0] != "mine" {
		t.Errorf("sent under %q, want once under the key given", nw.keys)
	}
}

func TestCallIsRepeatedUnderOneKeyUntilItIsAnswered(t *testing.T) {
	for name, failure := range map[string]func() (*http.Response, error){
		"no server listens":        func() (*http.Response, error) { return nil, syscall.ECONNREFUSED },
		"the connection is cut":    func() (*http.Response, error) { return nil, io.ErrUnexpectedEOF },
		"the answer is cut":        func() (*http.Response, error) { return &http.Response{StatusCode: 200, Body: cut{}}, nil },
		"it is not available":      func() (*http.Response, error) { return refusal(fault.New(fault.Unavailable, "soon")) },
		"there are too many calls": func() (*http.Response, error) { return refusal(fault.New(fault.RateLimited, "slower")) },
		"a proxy has no server":    func() (*http.Response, error) { return response(502, "<html>Bad Gateway") },
		"a proxy is patient":       func() (*http.Response, error) { return response(504, "") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				nw := &network{answer: func(n int, _ *http.Request) (*http.Response, error) {
					if n <= 5 {
						return failure()
					}
					return response(200, three)
				}}
				if got, err := nw.call(t.Context()); err != nil || got.Sum != 3 {
					t.Fatalf("got %+v, %v", got, err)
				}
				if len(nw.times) != 6 {
					t.Fatalf("there were %d requests, want 6", len(nw.times))
				}
				for i, key := range nw.keys {
					if key == "" || key != nw.keys[0] {
						t.Errorf("request %d went under %q, the first under %q", i+1, key, nw.keys[0])
					}
				}
				wantPauses(t, nw.times)
			})
		})
	}
}

// cut is a body that ends too early.
type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
func (cut) Close() error             { return nil }

func refusal(e *fault.Error) (*http.Response, error) {
	text, err := json.Marshal(fault.Body{Error: e})
	if err != nil {
		return nil, err
	}
	return response(e.Status(), string(text))
}

// wantPauses checks that pauses double from 250 ms to 4 s, each between half
// and one and a half of its time.
func wantPauses(t *testing.T, times []time.Time) {
	t.Helper()
	pause := 250 * time.Millisecond
	for i := 1; i < len(times); i++ {
		if got := times[i].Sub(times[i-1]); got < pause/2 || got > pause*3/2 {
			t.Errorf("pause %d was %v, want %v and half of it more or less", i, got, pause)
		}
		pause = min(2*pause, 4*time.Second)
	}
}

func TestRefusalIsFinalAndTyped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := fault.Field("a", "it is too small")
		nw := &network{answer: func(int, *http.Request) (*http.Response, error) { return refusal(refused) }}
		_, err := nw.call(t.Context())
		var got *fault.Error
		if !errors.As(err, &got) || *got != *refused || len(nw.times) != 1 {
			t.Errorf("got %v after %d requests, want %v after one", err, len(nw.times), refused)
		}
		if !strings.HasPrefix(err.Error(), "call test.add: ") {
			t.Errorf("%q does not say which call it was", err)
		}
	})
}

func TestAnswerWithoutAFaultIsFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, answer := range map[string]func() (*http.Response, error){
			"not found by a proxy": func() (*http.Response, error) { return response(404, "<html>") },
			"no content":           func() (*http.Response, error) { return response(204, "") },
			"a reply of junk":      func() (*http.Response, error) { return response(200, "<html>") },
			"an empty error":       func() (*http.Response, error) { return response(400, `{"error":null}`) },
		} {
			nw := &network{answer: func(int, *http.Request) (*http.Response, error) { return answer() }}
			_, err := nw.call(t.Context())
			if err == nil || len(nw.times) != 1 {
				t.Errorf("%s: got %v after %d requests, want an error after one", name, err, len(nw.times))
			}
			if typed := errors.As(err, new(*fault.Error)); typed != (name != "a reply of junk") {
				t.Errorf("%s: got %v, which is a refusal: %v", name, err, typed)
			}
		}
	})
}

func TestCallEndsWithItsContextAndReturnsTheLastFailure(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(context.Context) (context.Context, context.CancelFunc)
		want error
		took time.Duration
	}{
		"cancelled while it waits": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(10*time.Second, cancel)
			return ctx, cancel
		}, context.Canceled, 10 * time.Second},
		"its own deadline": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 20*time.Second)
		}, context.DeadlineExceeded, 20 * time.Second},
		"no deadline": {context.WithCancel, context.DeadlineExceeded, 90 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := c.end(t.Context())
				defer cancel()
				start := time.Now()
				nw := &network{answer: func(int, *http.Request) (*http.Response, error) { return nil, syscall.ECONNREFUSED }}
				_, err := nw.call(ctx)
				if !errors.Is(err, c.want) || !errors.Is(err, syscall.ECONNREFUSED) {
					t.Errorf("got %v, want %v and the last failure", err, c.want)
				}
				if took := time.Since(start); took != c.took {
					t.Errorf("it took %v, want %v", took, c.took)
				}
			})
		})
	}
}

func TestAttemptThatHangsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		nw := &network{answer: func(n int, r *http.Request) (*http.Response, error) {
			if n == 1 {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return response(200, three)
		}}
		if got, err := nw.call(t.Context()); err != nil || got.Sum != 3 {
			t.Errorf("got %+v, %v", got, err)
		}
		if took := time.Since(start); took < 15*time.Second || took > 16*time.Second {
			t.Errorf("it took %v, want 15 s and one pause", took)
		}
	})
}

func TestCallsHaveDifferentKeys(t *testing.T) {
	nw := &network{answer: func(int, *http.Request) (*http.Response, error) { return response(200, three) }}
	for range 2 {
		if _, err := nw.call(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if nw.keys[0] == nw.keys[1] {
		t.Errorf("both went under %q", nw.keys[0])
	}
}

func TestOutsideABrowserACallNeedsAServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := command.Call(t.Context(), add, addRequest{})
		if took := time.Since(start); !errors.Is(err, command.ErrNoServer) || took != 0 {
			t.Errorf("got %v after %v, want %v at once", err, took, command.ErrNoServer)
		}
	})
}

func TestRequestThatJSONCannotHoldIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := command.Define[chan int, addReply](fresh())
		if _, err := command.Call(t.Context(), bad, nil, command.To("http://seaway.test")); err == nil {
			t.Error("it was sent")
		}
	})
}

// TestACallOverARealConnection repeats one failure where nothing is fake.
func TestCallOverARealConnection(t *testing.T) {
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) == 1 {
			fault.Respond(w, fault.New(fault.Unavailable, "soon"))
			return
		}
		io.WriteString(w, three)
	}))
	defer server.Close()
	got, err := command.Call(t.Context(), add, addRequest{A: 1, B: 2}, command.To(server.URL))
	if err != nil || got.Sum != 3 || requests.Load() != 2 {
		t.Errorf("got %+v, %v after %d requests, want 3 after two", got, err, requests.Load())
	}
}

// A page says that the server cannot be reached when that is so, and only then.
func TestCallWithoutAnAnswerIsUnreachable(t *testing.T) {
	refused := &network{answer: func(int, *http.Request) (*http.Response, error) { return nil, syscall.ECONNREFUSED }}
	synctest.Test(t, func(t *testing.T) {
		_, err := refused.call(t.Context())
		if fault.CodeOf(err) != fault.Unreachable || fault.Message(err) != "the server cannot be reached" || !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("got %v, %q: %q", err, fault.CodeOf(err), fault.Message(err))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		stopped := &network{answer: func(int, *http.Request) (*http.Response, error) { cancel(); return nil, context.Canceled }}
		_, err := stopped.call(ctx)
		if fault.CodeOf(err) == fault.Unreachable || !errors.Is(err, context.Canceled) {
			t.Errorf("a call that its caller has stopped is %v, %q", err, fault.CodeOf(err))
		}
	})
	if _, err := command.Call(t.Context(), add, addRequest{}); fault.CodeOf(err) == fault.Unreachable {
		t.Errorf("a call that was never made is %v", err)
	}
}
