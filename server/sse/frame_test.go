package sse

import (
	"bytes"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// encode returns an event's frame.
func encode(e event.Event) []byte { return Frame(EncodeEvent(e)) }

func newEvent(t testing.TB, key, name string, data []byte) event.Event {
	t.Helper()
	e, err := event.New(event.NewID("e1", 7, key), event.Draft{Topic: "a.b", Type: name, Data: data}, time.Unix(5, 0))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A third-party parser reads them in e2e/interop.
func TestFramesAreTheseBytes(t *testing.T) {
	id := event.NewID("e1", 7, "k")
	text := id.String()
	meta := text + " a.b 5000"
	for _, tc := range []struct {
		name      string
		got, want string
	}{
		{"an event", string(encode(newEvent(t, "k", "chat.posted", []byte(`{"a":1}`)))),
			"id: " + meta + "\nevent: chat.posted\ndata: {\"a\":1}\n\n"},
		{"an empty payload", string(encode(newEvent(t, "k", "x", nil))),
			"id: " + meta + "\nevent: x\ndata: \n\n"},
		{"line ends of all kinds", string(encode(newEvent(t, "k", "x", []byte("a\nb\rc\r\nd\n\re\n")))),
			"id: " + meta + "\nevent: x\ndata: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\ndata: \n\n"},
		{"a payload that tries to be a frame", string(encode(newEvent(t, "k", "x", []byte("a\n\nevent: bye\ndata: b")))),
			"id: " + meta + "\nevent: x\ndata: a\ndata: \ndata: event: bye\ndata: data: b\n\n"},
		{"a line end alone", string(encode(newEvent(t, "k", "x", []byte("\n")))),
			"id: " + meta + "\nevent: x\ndata: \ndata: \n\n"},
		{"a payload that begins with a space", string(encode(newEvent(t, "k", "x", []byte(" a")))),
			"id: " + meta + "\nevent: x\ndata:  a\n\n"},
		{"a payload that looks like fields", string(encode(newEvent(t, "k", "x", []byte(": a\rdata: b\nid: 1")))),
			"id: " + meta + "\nevent: x\ndata: : a\ndata: data: b\ndata: id: 1\n\n"},
		{"what ends no line", string(encode(newEvent(t, "k", "x", []byte("\ufeff\u2028\u0085\v\x00")))),
			"id: " + meta + "\nevent: x\ndata: \ufeff\u2028\u0085\v\x00\n\n"},
		{"a heartbeat", string(heartbeatFrame(id)),
			"id: " + text + "\nevent: heartbeat\ndata: " + text + "\n\n"},
		{"a reset", string(resetFrame(id, wire.Purged)),
			"id: " + text + "\nevent: reset\ndata: {\"reason\":\"purged\"}\n\n"},
		{"a bye", string(byeFrame(1500*time.Millisecond, "shutdown")),
			"retry: 1500\nevent: bye\ndata: {\"retry_ms\":1500,\"reason\":\"shutdown\"}\n\n"},
		{"a fault", string(faultFrame(time.Second, fault.New(fault.Unavailable, "later"))),
			"retry: 1000\nevent: fault\ndata: {\"code\":\"unavailable\",\"message\":\"later\",\"retry\":true,\"retry_ms\":1000}\n\n"},
		{"a hello", string(helloFrame(id, wire.Hello{Epoch: "e1", Head: id, Mode: wire.Live, Heartbeat: 15000, Retry: 2000, Build: "v1", Schema: map[string]string{"x": "0"}, Time: time.Unix(0, 0).UTC()})),
			"retry: 2000\nid: " + text + "\nevent: hello\ndata: {\"epoch\":\"e1\",\"head\":\"" + text + "\",\"mode\":\"live\",\"heartbeat_ms\":15000,\"retry_ms\":2000,\"schema\":{\"x\":\"0\"},\"build\":\"v1\",\"time\":\"1970-01-01T00:00:00Z\"}\n\n"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s:\n got %q\nwant %q", tc.name, tc.got, tc.want)
		}
	}
}

func TestEncodingAnEventAllocatesItsFrameOnly(t *testing.T) {
	e := newEvent(t, "k", "chat.posted", bytes.Repeat([]byte("x"), 120))
	if n := testing.AllocsPerRun(100, func() { EncodeEvent(e) }); n > 1 {
		t.Errorf("%.0f allocations", n)
	}
}

func BenchmarkEncodeEvent(b *testing.B) {
	e := newEvent(b, "k", "chat.posted", bytes.Repeat([]byte("x"), 120))
	b.ReportAllocs()
	for b.Loop() {
		EncodeEvent(e)
	}
}
