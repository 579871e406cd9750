package sse_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/sse"
)

func TestStreamsOverTheLimitAreAskedToComeBackAndOneThatEndsMakesRoom(t *testing.T) {
	for _, tc := range []struct {
		name, code, text string
		opts             sse.Options
	}{
		{"in all", "unavailable", "as many streams as it can hold", sse.Options{MaxStreams: 2}},
		{"per address", "rate_limited", "this address has 2 streams", sse.Options{MaxPerAddress: 2}},
		{"per identity", "rate_limited", "you have 2 streams", sse.Options{MaxPerIdentity: 2, Authorize: named}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			onEachPath(t, func(t *testing.T, p path) {
				r := newRig(t, config{path: p, sse: tc.opts})
				first, second := r.stream("topic=a&user=ann", ""), r.stream("topic=a&user=ann", "")
				over := r.stream("topic=a&user=ann", "").first
				expect(t, "the third", over.name, "fault")
				if !strings.Contains(over.data, `"code":"`+tc.code+`"`) || !strings.Contains(over.data, tc.text) {
					t.Errorf("fault %s", over.data)
				}
				if ms, _ := strconv.Atoi(over.retry); ms < 1000 || ms > 3000 {
					t.Errorf("retry %q is not within 1 and 3 s", over.retry)
				}
				first.close()
				for { // until the server has noticed
					if again := r.stream("topic=a&user=ann", ""); again.first.name == "hello" {
						break
					}
				}
				second.close()
			})
		})
	}
}

func TestLimitIsPerAddress(t *testing.T) {
	from := make(chan string, 7)
	for _, remote := range []string{"192.0.2.1:1000", "192.0.2.1:1001", "[2001:db8::1]:1000", "without", "a port", "[2001:db8::2]:1", "[2001:db8:0:1::2]:1"} {
		from <- remote
	}
	r := newRig(t, config{sse: sse.Options{MaxPerAddress: 1}, wrap: func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.RemoteAddr = <-from
			h.ServeHTTP(w, r)
		})
	}})
	for _, want := range []string{"hello", "fault", "hello", "hello", "hello", "fault", "hello"} {
		expect(t, "frame", r.stream("topic=a", "").first.name, want)
	}
}

// Another's streams and those of strangers do not count.
func TestLimitIsPerIdentity(t *testing.T) {
	r := newRig(t, config{sse: sse.Options{MaxPerIdentity: 1, Authorize: named}})
	for _, c := range []struct{ user, want string }{{"ann", "hello"}, {"ann", "fault"}, {"bob", "hello"}, {"", "hello"}, {"", "hello"}} {
		expect(t, c.user, r.stream("topic=a&user="+c.user, "").first.name, c.want)
	}
}
