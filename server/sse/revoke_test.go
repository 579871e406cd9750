package sse_test

import (
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/sse"
)

// named takes the parameter user for the identity.
func named(r *http.Request, _ []string) (string, error) { return r.URL.Query().Get("user"), nil }

// onEachStream runs a test on every path, and on a socket. A poll that waits has a test of
// its own.
func onEachStream(t *testing.T, fn func(t *testing.T, p path)) {
	onEachPath(t, fn)
	t.Run(string(sockets), func(t *testing.T) { fn(t, sockets) })
}

func TestRevokeEndsTheStreamsThatMatch(t *testing.T) {
	onEachStream(t, func(t *testing.T, p path) {
		r := newRig(t, config{path: p, sse: sse.Options{Authorize: named}})
		over := r.stream("user=ann&topic=a&topic=b", "")
		others := []*stream{r.stream("user=bob&topic=a", ""), r.stream("user=ann&topic=b", "")}
		r.handler.Revoke(func(identity string, topics []string) bool {
			return identity == "ann" && slices.Contains(topics, "a")
		})
		r.publish("a", "secret")
		r.publish("b", "public")
		f := over.next()
		if f.name != "bye" || !strings.Contains(f.data, `"reason":"revoked"`) || f.retry == "" {
			t.Errorf("the stream is sent %+v", f)
		}
		expect(t, "then", over.next().name, "END")
		expect(t, "another's", others[0].next().data, "secret")
		expect(t, "another topic's", others[1].next().data, "public")
		again := r.stream("user=ann&topic=a&last=1", "") // the rules decide anew
		expect(t, "the next", again.next().data, "secret")
	})
}

func TestRevokeEndsAPollThatWaits(t *testing.T) {
	r := newRig(t, config{path: polls, sse: sse.Options{Authorize: named, Heartbeat: time.Hour}})
	answer := make(chan string, 1)
	go func() {
		resp := r.get("user=ann&topic=a&wait=3600000", "")
		body, _ := io.ReadAll(resp.Body)
		answer <- string(body)
	}()
	until(t, "the poll waits", func() bool { return r.handler.Stats().Opened == 1 })
	r.handler.Revoke(func(identity string, _ []string) bool { return identity == "ann" })
	select {
	case body := <-answer:
		if !strings.Contains(body, `"reason":"revoked"`) {
			t.Errorf("it is answered %q", body)
		}
	case <-time.After(2 * time.Minute):
		t.Error("the poll waits for 2 min")
	}
}

// What was asked of the rules before a right was withdrawn holds no more.
func TestRevokeEndsAStreamThatIsBeginning(t *testing.T) {
	onEachStream(t, func(t *testing.T, p path) {
		var r *rig
		r = newRig(t, config{path: p, sse: sse.Options{Authorize: func(req *http.Request, topics []string) (string, error) {
			if topics[0] == "late" {
				r.handler.Revoke(func(string, []string) bool { return false })
			}
			return "", nil
		}}})
		s := r.stream("topic=late", "")
		expect(t, "after the hello", s.next().name, "bye")
	})
}

// A client that takes nothing cannot take its bye either.
func TestRevokeCutsAReaderThatIsStuck(t *testing.T) {
	for _, p := range []path{fast, plain} { // it speaks HTTP/1.1 by hand
		t.Run(string(p), func(t *testing.T) {
			r := newRig(t, config{path: p, narrow: true, sse: sse.Options{Authorize: named, WriteTimeout: time.Hour}})
			stuck, err := net.Dial("tcp", r.server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer stuck.Close()
			io.WriteString(stuck, "GET /events?topic=a&user=ann HTTP/1.1\r\nHost: x\r\n\r\n")
			if _, err := io.ReadFull(stuck, make([]byte, 300)); err != nil { // its hello has come
				t.Fatal(err)
			}
			for range 400 {
				r.publish("a", strings.Repeat("x", 64<<10))
			}
			r.handler.Revoke(func(identity string, _ []string) bool { return identity == "ann" })
			ended := make(chan struct{})
			go func() { r.handler.Wait(); close(ended) }()
			select {
			case <-ended:
			case <-time.After(2 * time.Minute):
				t.Error("its stream still runs 2 min later")
			}
		})
	}
}

func TestStreamEndsWhenItsIdentityExpires(t *testing.T) {
	onEachStream(t, func(t *testing.T, p path) {
		now := time.Now()
		until := map[string]time.Time{"soon": now.Add(time.Second), "then": now.Add(2 * time.Second), "later": now.Add(time.Hour), "past": now.Add(-time.Hour)}
		r := newRig(t, config{path: p, sse: sse.Options{
			Authorize: named,
			Until: func(r *http.Request) (time.Time, bool) {
				at, ok := until[r.URL.Query().Get("user")]
				return at, ok
			},
		}})
		open := map[string]*stream{}
		for _, user := range []string{"later", "never", "soon", "then", "past"} {
			open[user] = r.stream("topic=a&user="+user, "")
		}
		for _, user := range []string{"past", "soon", "then"} {
			if f := open[user].next(); f.name != "bye" || !strings.Contains(f.data, `"reason":"expired"`) {
				t.Errorf("%s: it is sent %+v", user, f)
			}
		}
		r.publish("a", "on")
		expect(t, "later", open["later"].next().data, "on")
		expect(t, "never", open["never"].next().data, "on")
	})
}
