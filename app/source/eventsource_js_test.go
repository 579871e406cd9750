package source_test

import (
	"errors"
	"fmt"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	script "github.com/seawaykit/seaway/app/transport/transporttest"
	"github.com/seawaykit/seaway/shared/browser"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

func TestEventsArriveTyped(t *testing.T) {
	srv := script.Serve(t, fresh(script.Hold,
		text(notes(1, 2)...),
		text(sourcetest.Event(spoken, at(3), speech{"three"}))))
	tab := open(t, srv, source.Options{})
	tab.expect(t, "connecting", "live", "1", "2", "three")
	if v := srv.Wait(1, 1)[0]; v.Accept != "text/event-stream" {
		t.Errorf("the request accepts %q", v.Accept)
	}
	tab.end(t)
	if s := tab.State(); s.ReadyState != transport.ReadyOpen || s.Position != at(3) {
		t.Errorf("at the end the state is %+v", s)
	}
}

// A browser gives each of these up for good. The source asks why, once, and
// does not unless the server wants it to.
func TestAnswersThatAreNotStreams(t *testing.T) {
	again := []string{"connecting", "live", "1"}
	for _, c := range []struct {
		answer   script.Answer
		reported string
		then     []string
	}{
		{script.Answer{Status: 204}, "closed: the server asked the page to stop", nil},
		{script.Answer{Status: 401}, "refused: the server answered with status 401", nil},
		{script.Answer{Status: 403, Type: "application/json", Parts: []string{`{"error":{"code":"forbidden",`, `"message":"not for you"}}`}}, "refused: not for you", nil},
		{script.Answer{Status: 404}, "refused: the server answered with status 404", nil},
		{script.Answer{Status: 410, Type: "application/json", Parts: []string{strings.Repeat("[", 9000)}}, "refused: the server answered with status 410", nil},
		{script.Answer{Status: 500}, "waiting: the server answered with status 500", again},
		{script.Answer{Status: 503}, "waiting: the server answered with status 503", again},
		{script.Answer{Status: 200, Type: "text/html"}, "waiting: the answer is a page and no stream: one to log in, or a captive portal's", again},
	} {
		c.answer.Then = script.Finish
		t.Run(fmt.Sprint(c.answer.Status, c.answer.Type), func(t *testing.T) {
			srv := script.Serve(t, c.answer, c.answer, fresh(script.Hold, text(notes(1, 1)...)))
			tab := open(t, srv, source.Options{})
			tab.expect(t, append([]string{"connecting", c.reported}, c.then...)...)
			for n, v := range srv.Wait(2+len(c.then)/3, len(c.then)/3) {
				if v.Accept != "text/event-stream" || v.LastEventID != "" {
					t.Errorf("request %d was %+v", n, v)
				}
			}
		})
	}
}

// A probe that finds a stream after all lets go of it: nothing else would.
func TestProbeLeavesNoStreamOpen(t *testing.T) {
	srv := script.Serve(t, script.Answer{Status: 503, Then: script.Finish}, fresh(script.Hold), fresh(script.Hold, text(notes(1, 1)...)))
	tab := open(t, srv, source.Options{})
	tab.expect(t, "connecting", "live", "1")
	srv.Wait(3, 1)
}

// Nor does one that is left in the middle, of an answer that does not end.
func TestProbeThatIsLeftInTheMiddle(t *testing.T) {
	hung := script.Answer{Status: 403, Type: "application/json", Parts: []string{`{"error":`}}
	srv := script.Serve(t, hung)
	tab := open(t, srv, source.Options{})
	srv.Wait(2, 1)
	tab.end(t)
	srv.Wait(2, 0)
}

// However a stream ends, the next one goes on where the page stands, and the
// frame that was cut in the middle comes once.
func TestStreamThatEndsIsResumed(t *testing.T) {
	half := text(notes(2, 2)...)
	half = half[:len(half)-5]
	for _, c := range []struct {
		name   string
		answer script.Answer
		why    string
	}{
		{"properly", fresh(script.Finish, text(notes(1, 1)...)), "the connection was lost"},
		{"in mid frame", fresh(script.Cut, text(notes(1, 1)...), half), "the connection was lost"},
		{"properly in mid frame", fresh(script.Finish, text(notes(1, 1)...), half), "the connection was lost"},
		{"with a bye", fresh(script.Hold, text(notes(1, 1)...), text(sourcetest.Bye(wire.Bye{Reason: "deploy"}))),
			"the server closed the stream"},
		{"with a fault", fresh(script.Hold, text(notes(1, 1)...), text(sourcetest.Fault(wire.Fault{Error: *fault.New(fault.Unavailable, "full")}))), "full"},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := script.Serve(t, c.answer, resumed(1, text(notes(2, 3)...)))
			tab := open(t, srv, source.Options{})
			tab.expect(t, "connecting", "live", "1", "waiting: "+c.why, "connecting", "live", "2", "3")
			if got := after(t, srv.Wait(2, 1)[1]); got != at(1).String() {
				t.Errorf("the second request asks for what is after %q, want %v", got, at(1))
			}
		})
	}
}

func TestResetInTheBrowser(t *testing.T) {
	srv := script.Serve(t, script.Answer{Parts: []string{text(
		sourcetest.Hello(wire.Reset, event.ID{}),
		sourcetest.Reset(elsewhere(3), wire.OtherEpoch),
		sourcetest.Event(noted, elsewhere(4), note{4}))}})
	tab := open(t, srv, source.Options{After: at(9)})
	tab.expect(t, "connecting", "live", "reset epoch", "4")
	tab.end(t)
	if got := tab.State().Position; got != elsewhere(4) {
		t.Errorf("the position is %v, want %v", got, elsewhere(4))
	}
}

// An answer that opens and says nothing, as through a proxy that buffers.
func TestAnswerWithoutAHelloIsGivenUp(t *testing.T) {
	srv := script.Serve(t, script.Answer{})
	tab := open(t, srv, source.Options{HelloWithin: time.Second}) // a busy browser took over 50 ms to ask at all
	tab.expect(t, "connecting", "waiting: the server did not answer in time", "connecting")
	srv.Wait(2, 1) // the first one is closed
}

func TestFramesInTheBrowser(t *testing.T) {
	for _, c := range []struct {
		name, stream string
		want         []string
	}{
		{"payloads over several lines", "id: " + at(1).String() + "\nevent: test.noted\ndata: {\ndata:  \"N\": 1\ndata: }\n\n", []string{"1"}},
		{"CR and CRLF", "id: " + at(1).String() + "\r\nevent: test.noted\rdata: {\"N\":1}\r\n\r\n", []string{"1"}},
		{"text of all planes", text(sourcetest.Event(spoken, at(1), speech{"żółw 海 👩‍🚀 \u2028 \u0000."})), []string{"żółw 海 👩‍🚀 \u2028 \u0000."}},
		{"a heartbeat without data", "event: heartbeat\ndata:\n\n" + text(notes(1, 1)...), []string{"1"}},
		{"a heartbeat moves the position", text(sourcetest.Heartbeat(at(1))) + text(notes(1, 2)...), []string{"2"}},
		{"comments", ": quiet\n\n" + text(notes(1, 1)...), []string{"1"}},
		{"names nobody listens for", text(transport.Frame{Name: "test.other", Data: "1", LastEventID: at(1).String()}) + text(notes(2, 2)...), []string{"2"}},
		{"frames without a name", "data: {\"N\":7}\n\n" + text(notes(1, 1)...), []string{"1"}},
		{"an id with NUL is none", text(notes(1, 1)...) + "id: \x00\nevent: test.noted\ndata: {\"N\":7}\n\n" + text(notes(2, 2)...), []string{"1", "2"}},
		{"a payload that cannot be decoded", "id: " + at(1).String() + "\nevent: test.noted\ndata: {\n\n" + text(notes(2, 2)...),
			[]string{"decode test.noted " + at(1).String() + ": unexpected end of JSON input", "2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := script.Serve(t, fresh(script.Hold, c.stream))
			tab := open(t, srv, source.Options{})
			tab.expect(t, append([]string{"connecting", "live"}, c.want...)...)
		})
	}
}

// Frames that come together are one batch, or a few if the network splits them,
// at whatever pace.
func TestBurstIsFewBatches(t *testing.T) {
	const n = 500
	srv := script.Serve(t, fresh(script.Hold, text(notes(1, n)...)))
	src := source.New(source.Options{URL: srv.URL, Topics: []string{"notes"}, Pace: -1})
	all := make(chan int, 1)
	batches, last := 0, uint64(0)
	source.On(src, noted, func(e event.Of[note]) { last = e.Value.N })
	src.OnBatch(func() {
		if batches++; last == n {
			all <- batches
		}
	})
	if err := src.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		src.Close()
		<-src.Done()
	}()
	select {
	case got := <-all:
		if got > n/10 {
			t.Errorf("%d frames came in %d batches", n, got)
		}
	case <-time.After(2 * time.Minute):
		t.Fatalf("the page is at event %d of %d", last, n)
	}
}

func TestReconnectsLeaveNothingBehind(t *testing.T) {
	const n = 1000
	srv := script.Serve(t, fresh(script.Finish))
	tab := open(t, srv, source.Options{})
	for range n {
		tab.expect(t, "connecting", "live", "waiting: the connection was lost")
	}
	tab.end(t)
	srv.Wait(n, 0)
}

func TestCloseEndsTheConnection(t *testing.T) {
	for _, c := range []struct {
		name     string
		answer   script.Answer
		reported []string
	}{
		{"while it is made", script.Answer{}, []string{"connecting"}},
		{"while it is live", fresh(script.Hold), []string{"connecting", "live"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := script.Serve(t, c.answer)
			tab := open(t, srv, source.Options{})
			tab.expect(t, c.reported...)
			srv.Wait(1, 1)
			tab.end(t)
			if requests := srv.Wait(1, 0); len(requests) != 1 {
				t.Errorf("%d requests", len(requests))
			}
			tab.expect(t, "closed")
		})
	}
}

func TestBrowserWithoutEventSource(t *testing.T) {
	class := js.Global().Get("EventSource")
	js.Global().Delete("EventSource")
	defer js.Global().Set("EventSource", class)
	forced := source.New(source.Options{Topics: []string{"notes"}, Transport: transport.EventSource{}})
	if err := forced.Start(); !errors.Is(err, transport.ErrUnsupported) {
		t.Errorf("Start: %v, want %v", err, transport.ErrUnsupported)
	}
	<-forced.Done()
	other := called{sourcetest.NewTransport(), "other"}
	src := source.New(source.Options{Topics: []string{"notes"}, Fallback: other})
	if err := src.Start(); err != nil {
		t.Fatalf("Start: %v", err)
	}
	other.Next()
	src.Close()
	<-src.Done()
}

func TestAddressTheBrowserRefuses(t *testing.T) {
	src := source.New(source.Options{URL: "http://127.0.0.1:99999/", Topics: []string{"notes"}})
	var thrown js.Error
	if err := src.Start(); !errors.As(err, &thrown) || thrown.Get("name").String() != "SyntaxError" {
		t.Errorf("Start: %v, want the browser's SyntaxError", err)
	}
	if n := browser.Callbacks(); n != 0 {
		t.Errorf("%d callbacks are not released", n)
	}
}
