package transport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// A socketEnd is a socket as its server sees it.
type socketEnd struct {
	address string
	events  socketEvents
	sent    []string
	closed  int
	broken  bool // sending fails
}

func (e *socketEnd) dial(address string, received socketEvents) (func(string) error, func(), error) {
	e.address, e.events = address, received
	return func(text string) error {
		if e.broken {
			return ErrNoSocket
		}
		e.sent = append(e.sent, text)
		return nil
	}, func() { e.closed++ }, nil
}

// opened opens w, and returns the server's end and what the source receives.
func opened(t *testing.T, w *WebSocket) (end *socketEnd, received *[]string, release func()) {
	t.Helper()
	end, received = &socketEnd{}, &[]string{}
	release, err := w.open(Request{URL: "/events?topic=a", Names: []string{"hello", "a"}}, func(all ...Signal) {
		for _, s := range all {
			*received = append(*received, fmt.Sprintf("%d %d [%s %s] %v", s.Kind, s.ReadyState, s.Frame.Name, s.Frame.Data, s.Err))
		}
	}, end.dial)
	if err != nil {
		t.Fatal(err)
	}
	return end, received, release
}

// reply is the frame of one.
func reply(id uint64, status int, body string) string {
	return fmt.Sprintf("event: reply\ndata: {\"id\":%d,\"status\":%d,\"body\":%s}\n\n", id, status, body)
}

func TestSocketBringsTheFramesThatAreListenedFor(t *testing.T) {
	w := &WebSocket{URL: "wss://example.com/s"}
	end, received, release := opened(t, w)
	if end.address != "wss://example.com/s?topic=a" {
		t.Errorf("it leads to %s", end.address)
	}
	end.events.opened()
	end.events.said("id: 1\nevent: hello\ndata: {}\n\nid: 2\nevent: other\ndata: x\n\n")
	end.events.said("event: a\ndata: y\n\n" + reply(9, 200, "{}"))
	end.events.closed(true, errors.New("why"))
	want := []string{"1 1 [ ] <nil>", "2 1 [hello {}] <nil>", "2 1 [a y] <nil>", "3 0 [ ] why"}
	if !slices.Equal(*received, want) {
		t.Errorf("the source received %q, want %q", *received, want)
	}
	release()
	if end.closed != 1 {
		t.Errorf("it was closed %d times", end.closed)
	}
}

// A browser hides why a socket did not open: the source's probe has to ask.
func TestSocketThatDoesNotOpenIsLikeARefusal(t *testing.T) {
	end, received, _ := opened(t, &WebSocket{})
	end.events.closed(false, nil)
	if want := []string{"3 2 [ ] <nil>"}; end.address != "/socket?topic=a" || !slices.Equal(*received, want) {
		t.Errorf("%s: the source received %q, want %q", end.address, *received, want)
	}
}

func TestCommandsAreAnsweredByTheirNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &WebSocket{}
		end, _, release := opened(t, w)
		end.events.opened()
		answers := make([]string, 3)
		for i := range answers {
			go func() {
				status, body, err := w.Carry(t.Context(), "test.add", fmt.Sprint("k", i), []byte(`{"n":1}`))
				answers[i] = fmt.Sprint(status, " ", string(body), " ", err)
			}()
			synctest.Wait()
		}
		var sent []uint64
		for i, text := range end.sent {
			var c wire.Command
			if err := json.Unmarshal([]byte(text), &c); err != nil || c.Command != "test.add" || c.Key != fmt.Sprint("k", i) || string(c.Body) != `{"n":1}` {
				t.Errorf("sent %s", text)
			}
			sent = append(sent, c.ID)
		}
		// In another order, one of them more than once, and one that nobody asked for.
		again := strings.Repeat(reply(sent[0], 200, `"x"`), 3)
		end.events.said(reply(sent[2], 200, `"c"`) + reply(sent[0], 400, `"a"`) + again + reply(99, 200, `"y"`))
		end.events.said(reply(sent[1], 200, `"b"`))
		synctest.Wait()
		if want := []string{`400 "a" <nil>`, `200 "b" <nil>`, `200 "c" <nil>`}; !slices.Equal(answers, want) {
			t.Errorf("answered %q, want %q", answers, want)
		}
		release()
	})
}

func TestCommandsDoNotOutliveTheirSocket(t *testing.T) {
	carry := func(t *testing.T, w *WebSocket) <-chan error {
		failed := make(chan error, 1)
		go func() {
			_, _, err := w.Carry(t.Context(), "test.add", "", []byte("{}"))
			failed <- err
		}()
		synctest.Wait()
		return failed
	}
	for name, end := range map[string]func(*socketEnd, func()){
		"it breaks":       func(e *socketEnd, _ func()) { e.events.closed(true, nil) },
		"it is released":  func(_ *socketEnd, release func()) { release() },
		"both":            func(e *socketEnd, release func()) { e.events.closed(true, nil); release() },
		"it cannot send":  nil,
		"it has not come": nil,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &WebSocket{}
				e, _, release := opened(t, w)
				e.broken = name == "it cannot send"
				if name != "it has not come" {
					e.events.opened()
				}
				failed := carry(t, w)
				if end != nil {
					end(e, release)
				}
				if err := <-failed; !errors.Is(err, ErrNoSocket) {
					t.Errorf("it failed with %v", err)
				}
				// The next socket takes commands again.
				next, _, _ := opened(t, w)
				next.events.opened()
				failed = carry(t, w)
				if len(next.sent) != 1 {
					t.Fatalf("sent on the next socket: %q", next.sent)
				}
				var c wire.Command
				json.Unmarshal([]byte(next.sent[0]), &c)
				next.events.said(reply(c.ID, 200, "{}"))
				if err := <-failed; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestCommandIsNotWaitedForLongerThanItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &WebSocket{}
		end, _, _ := opened(t, w)
		end.events.opened()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, _, err := w.Carry(ctx, "test.add", "", []byte("{}")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it failed with %v", err)
		}
		if n := len(w.lines[0].waiting); n != 0 {
			t.Errorf("%d commands are still waited for", n)
		}
	})
}

// It would end the socket, and be tried again on the next.
func TestCommandThatIsTooLargeIsNotSent(t *testing.T) {
	w := &WebSocket{}
	end, _, _ := opened(t, w)
	end.events.opened()
	_, _, err := w.Carry(t.Context(), "test.add", "", []byte(`"`+strings.Repeat("x", wire.MaxMessage)+`"`))
	var refused *fault.Error
	if !errors.As(err, &refused) || refused.Code != fault.TooLarge || refused.Retry || len(end.sent) != 0 {
		t.Errorf("it failed with %v, and %d messages were sent", err, len(end.sent))
	}
}

func TestCloseCodesAreSentences(t *testing.T) {
	for _, c := range []struct {
		code   int
		reason string
		want   string
	}{
		{1000, "", "<nil>"}, {1005, "", "<nil>"}, {1006, "", "<nil>"},
		{1001, "", "the server is going away (1001)"},
		{1013, "full", "the server has no room just now: full (1013)"},
		{4000, "", "the socket was closed (4000)"},
	} {
		if got := fmt.Sprint(closeError(c.code, c.reason)); got != c.want {
			t.Errorf("%d %q is %q, want %q", c.code, c.reason, got, c.want)
		}
	}
}

func TestProbeAsksWhereTheSocketIs(t *testing.T) {
	for _, c := range []struct{ socket, want string }{
		{"", "/socket?topic=a"},
		{"/other", "/other?topic=a"},
		{"wss://live.example.com/socket", "https://live.example.com/socket?topic=a"},
		{"ws://127.0.0.1:8000/socket", "http://127.0.0.1:8000/socket?topic=a"},
	} {
		w := &WebSocket{URL: c.socket}
		if got := Target(w, "/events?topic=a"); got != c.want {
			t.Errorf("for %q it asks %s, want %s", c.socket, got, c.want)
		}
	}
	if got := Target(EventSource{}, "/events?topic=a"); got != "/events?topic=a" {
		t.Errorf("for an EventSource it asks %s", got)
	}
}

// A source that follows more opens another socket beside its own, for a moment or for
// good.
func TestCommandsGoByTheOldestOpenSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &WebSocket{}
		sent := func(what string, want ...*socketEnd) {
			t.Helper()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			var before []int
			for _, end := range want {
				before = append(before, len(end.sent))
			}
			_, _, err := w.Carry(ctx, "c", "k", []byte("{}"))
			if len(want) == 0 && !errors.Is(err, ErrNoSocket) {
				t.Errorf("%s: %v", what, err)
			}
			for i, end := range want {
				if len(end.sent) != before[i]+1 {
					t.Errorf("%s: a command went elsewhere, %v", what, err)
				}
			}
		}
		first, _, releaseFirst := opened(t, w)
		first.events.opened()
		second, _, releaseSecond := opened(t, w)
		second.events.opened()
		sent("beside another", first)
		releaseSecond()
		sent("after the other's end", first)
		third, _, releaseThird := opened(t, w)
		third.events.opened()
		releaseFirst()
		sent("in the place of the first", third)
		releaseThird()
		sent("after all")
	})
}
