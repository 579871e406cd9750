package sse_test

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"io"
	mrand "math/rand/v2"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/sse"
)

// A reader that begins to read when 20 MB wait for it makes nearly every write a
// partial one. What it reads must be the frames, byte for byte, whether they
// come from the ring or from the log.
func TestPartialWritesContinueExactlyWhereTheyStopped(t *testing.T) {
	for name, tc := range map[string]struct {
		ring    int
		version string
	}{
		"from the ring": {10_000, "1.1"}, "from the log": {3, "1.1"},
		"without chunks": {10_000, "1.0"}, "from the log without chunks": {3, "1.0"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, config{hub: fanout.Options{MaxEvents: tc.ring, PageSize: 7}})
			_, body, _ := dial(t, r, "GET /events?topic=a HTTP/"+tc.version+"\r\nHost: x\r\n\r\n")
			if tc.version == "1.1" {
				body = bufio.NewReader(&chunks{body: body})
			}
			skipFrame(t, body) // the hello
			sizes := mrand.New(mrand.NewPCG(1, 2))
			for i := range 1500 {
				size := sizes.IntN(2000)
				if i%5 == 0 {
					size = sizes.IntN(60_000)
				}
				random := make([]byte, size)
				rand.Read(random)
				r.publish("a", hex.EncodeToString(random))
			}
			until(t, "it is parked", func() bool { return r.handler.Stats().Blocked == 1 })
			want := frames(t, r.log)
			got := make([]byte, 0, len(want))
			for len(got) < len(want) {
				n := min(1+sizes.IntN(50_000), len(want)-len(got))
				m, err := body.Read(got[len(got) : len(got)+n])
				if err != nil {
					t.Fatalf("after %d of %d bytes: %v", len(got), len(want), err)
				}
				got = got[:len(got)+m]
			}
			if !bytes.Equal(got, want) {
				t.Errorf("the bytes differ from number %d of %d on", differ(got, want), len(want))
			}
			expect(t, "the log was read", r.handler.Stats().Replays > 0, tc.ring == 3)
			if err := r.handler.Shutdown(t.Context()); err != nil {
				t.Fatal(err)
			}
			skipFrame(t, body) // the bye
			if rest, err := io.ReadAll(body); len(rest) > 0 || err != nil {
				t.Errorf("after the bye comes %q: %v", rest, err)
			}
		})
	}
}

func skipFrame(t *testing.T, body *bufio.Reader) {
	t.Helper()
	for {
		line, err := body.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if line == "\n" {
			return
		}
	}
}

// frames returns the frames of all events of the log, joined.
func frames(t *testing.T, log eventlog.Log) (all []byte) {
	t.Helper()
	page, err := log.Read(t.Context(), 1, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range page.Events {
		all = append(all, sse.Frame(sse.EncodeEvent(e))...)
	}
	return all
}

func differ(a, b []byte) int {
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return len(a)
}
