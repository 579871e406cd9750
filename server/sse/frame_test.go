package sse

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	gosse "github.com/tmaxmax/go-sse"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// encode returns an event's frame.
func encode(e event.Event) []byte { return Frame(EncodeEvent(e)) }

func newEvent(t testing.TB, key, name string, data []byte) event.Event {
	t.Helper()
	e, err := event.New(event.NewID("e1", 7, key), event.Draft{Topic: "a.b", Type: name, Data: data}, time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestFramesAreTheseBytes(t *testing.T) {
	id := event.NewID("e1", 7, "k")
	text := id.String()
	for _, tc := range []struct {
		name      string
		got, want string
	}{
		{"an event", string(encode(newEvent(t, "k", "chat.posted", []byte(`{"a":1}`)))),
			"id: " + text + "\nevent: chat.posted\ndata: {\"a\":1}\n\n"},
		{"an empty payload", string(encode(newEvent(t, "k", "x", nil))),
			"id: " + text + "\nevent: x\ndata: \n\n"},
		{"line ends of all kinds", string(encode(newEvent(t, "k", "x", []byte("a\nb\rc\r\nd\n\re\n")))),
			"id: " + text + "\nevent: x\ndata: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\ndata: \n\n"},
		{"a payload that tries to be a frame", string(encode(newEvent(t, "k", "x", []byte("a\n\nevent: bye\ndata: b")))),
			"id: " + text + "\nevent: x\ndata: a\ndata: \ndata: event: bye\ndata: data: b\n\n"},
		{"a beat", string(beatFrame(id)),
			"id: " + text + "\nevent: beat\ndata: " + text + "\n\n"},
		{"a reset", string(resetFrame(id, wire.Purged)),
			"id: " + text + "\nevent: reset\ndata: {\"reason\":\"purged\"}\n\n"},
		{"a bye", string(byeFrame(1500*time.Millisecond, "shutdown")),
			"retry: 1500\nevent: bye\ndata: {\"retry_ms\":1500,\"reason\":\"shutdown\"}\n\n"},
		{"a fault", string(faultFrame(time.Second, fault.New(fault.Unavailable, "later"))),
			"retry: 1000\nevent: fault\ndata: {\"code\":\"unavailable\",\"message\":\"later\",\"retry\":true,\"retry_ms\":1000}\n\n"},
		{"a hello", string(helloFrame(id, wire.Hello{Epoch: "e1", Head: id, Mode: wire.Live, Beat: 15000, Retry: 2000, Build: "v1", Schema: map[string]string{"x": "0"}, Time: time.Unix(0, 0).UTC()})),
			"retry: 2000\nid: " + text + "\nevent: hello\ndata: {\"epoch\":\"e1\",\"head\":\"" + text + "\",\"mode\":\"live\",\"beat_ms\":15000,\"retry_ms\":2000,\"schema\":{\"x\":\"0\"},\"build\":\"v1\",\"time\":\"1970-01-01T00:00:00Z\"}\n\n"},
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

// Whatever an event holds, a parser by other people reads back one event with
// the same id, name and payload, and then the next one.
func FuzzEventsSurviveAnotherParser(f *testing.F) {
	for _, data := range []string{"", "{}", "a\nb", "a\r\nb\r", "\n", " leading", ": comment", "data: x", "id: 1\n\nevent: bye", "\ufeff", "\u2028", "\x00"} {
		f.Add("key", "chat.posted", []byte(data))
	}
	f.Fuzz(func(t *testing.T, key, name string, data []byte) {
		d := event.Draft{Topic: "t", Type: name, Data: data, Key: key}
		if key == "" || d.Check() != nil || !utf8.Valid(data) {
			return // cannot become an event, or is no text that a stream can carry
		}
		first := newEvent(t, key, name, data)
		second := newEvent(t, "second", "test.sentinel", []byte("end"))
		stream := append(EncodeEvent(first), EncodeEvent(second)...)
		var got []gosse.Event
		for e, err := range gosse.Read(bytes.NewReader(stream), &gosse.ReadConfig{MaxEventSize: 1 << 20}) {
			if err != nil {
				t.Fatalf("%q: %v", stream, err)
			}
			got = append(got, e)
		}
		want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data))
		if len(got) != 2 || got[0].LastEventID != first.ID().String() || got[0].Type != name || got[0].Data != want {
			t.Fatalf("%q was read as %q", stream, got)
		}
		if got[1].Type != "test.sentinel" || got[1].Data != "end" {
			t.Fatalf("the event after %q was read as %q", stream, got[1])
		}
	})
}

func BenchmarkEncodeEvent(b *testing.B) {
	e := newEvent(b, "k", "chat.posted", bytes.Repeat([]byte("x"), 120))
	b.ReportAllocs()
	for b.Loop() {
		EncodeEvent(e)
	}
}
