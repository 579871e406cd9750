package sse_test

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// descriptors returns how many files this process has open.
func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// After a shutdown nothing of the handler is left: no stream, no descriptor, and
// no goroutine, which TestMain looks for. That holds although one reader takes
// nothing.
func TestShutdownLeavesNothingBehind(t *testing.T) {
	for _, p := range []path{fast, plain} { // the stuck one speaks HTTP/1.1 by hand
		t.Run(string(p), func(t *testing.T) {
			r := newRig(t, config{path: p})
			r.stream("topic=warm", "").close() // what the test's client keeps open
			r.handler.Wait()
			before := descriptors(t)
			for range 20 {
				_, body, conn := dial(t, r, "GET /events?topic=a HTTP/1.1\r\nHost: x\r\n\r\n")
				go func() {
					io.Copy(io.Discard, body)
					conn.Close()
				}()
			}
			_, _, stuck := dial(t, r, "GET /events?topic=b HTTP/1.1\r\nHost: x\r\n\r\n")
			for range 400 {
				r.publish("b", strings.Repeat("x", 64<<10))
			}
			if p == fast {
				until(t, "it is parked", func() bool { return r.handler.Stats().Blocked == 1 })
			}
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			// It cuts; on a busy machine what is cut may end later than the 2 s.
			_ = r.handler.Shutdown(ctx)
			if err := r.handler.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
			s := r.handler.Stats()
			expect(t, "open", [3]int{s.Fast, s.Plain, s.Blocked}, [3]int{})
			stuck.Close()
			if p == plain {
				return // net/http keeps its connections for further requests
			}
			before-- // the epoll instance, which the first stream made
			until(t, "its descriptors are closed", func() bool { return descriptors(t) <= before })
		})
	}
}
