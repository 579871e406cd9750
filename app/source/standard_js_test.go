package source_test

import (
	"fmt"
	"strings"
	"syscall/js"
	"testing"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	script "github.com/seawaykit/seaway/app/transport/transporttest"
	"github.com/seawaykit/seaway/shared/wire"
)

// What web-platform-tests ask of an EventSource, asked of a source, as far as it
// is the source's duty too. What a page sees of each status and content type is
// in e2e/behaviour.

func TestRedirectIsFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			srv := script.Serve(t,
				script.Answer{Status: status, Location: "stream?moved", Then: script.Finish},
				fresh(script.Hold, text(notes(1, 1)...)))
			tab := open(t, srv, source.Options{})
			tab.expect(t, "connecting", "live", "1")
			if v := srv.Wait(2, 1)[1]; v.Query != "moved" {
				t.Errorf("the redirect led to %+v", v)
			}
		})
	}
}

func TestAnswerThatSeemsToBeFine(t *testing.T) {
	for _, c := range []struct {
		answer script.Answer
		why    string
	}{
		{script.Answer{Status: 205}, "the server answered with status 205"},
		{script.Answer{Status: 210}, "the server answered with status 210"},
		{script.Answer{Status: 299}, "the server answered with status 299"},
		{script.Answer{Type: "text/plain"}, `the answer is no stream but "text/plain"`},
		{script.Answer{Type: "text/event-streams"}, `the answer is no stream but "text/event-streams"`},
	} {
		c.answer.Then = script.Finish
		t.Run(c.why, func(t *testing.T) {
			srv := script.Serve(t, c.answer, c.answer, fresh(script.Hold, text(notes(1, 1)...)))
			tab := open(t, srv, source.Options{})
			tab.expect(t, "connecting", "waiting: "+c.why, "connecting", "live", "1")
		})
	}
}

func TestTwoReconnectsAndAWordToStop(t *testing.T) {
	srv := script.Serve(t, fresh(script.Finish), fresh(script.Finish), script.Answer{Status: 204, Then: script.Finish})
	tab := open(t, srv, source.Options{})
	lost := "waiting: the connection was lost"
	tab.expect(t, "connecting", "live", lost, "connecting", "live", lost, "connecting", "closed: the server asked the page to stop")
	<-tab.Done()
	if requests := srv.Wait(4, 0); len(requests) != 4 { // the last one asks why
		t.Errorf("%d requests", len(requests))
	}
}

// The browser's stop button, so to speak: its EventSource ends for good.
func TestPageThatIsStopped(t *testing.T) {
	srv := script.Serve(t, fresh(script.Hold, text(notes(1, 1)...)), resumed(1, text(notes(2, 2)...)))
	frame := srv.Frame("")
	class := js.Global().Get("EventSource")
	js.Global().Set("EventSource", frame.EventSource)
	defer js.Global().Set("EventSource", class)
	tab := open(t, srv, source.Options{})
	tab.expect(t, "connecting", "live", "1")
	frame.Window.Call("stop")
	tab.expect(t, "waiting: the connection was lost", "connecting", "live", "2")
}

func TestStreamOfAnotherOrigin(t *testing.T) {
	followed := []string{"connecting", "live", "1"}
	refused := []string{"connecting", "waiting: the server did not answer with a stream", "connecting"}
	for _, c := range []struct {
		name, allows string
		reported     []string
	}{
		{"that is for everyone", "*", followed},
		{"that is for this page", js.Global().Get("location").Get("origin").String(), followed},
		{"that is for another page", "http://localhost", refused},
		{"that is for no other page", "", refused},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer := fresh(script.Hold, text(notes(1, 1)...))
			answer.AllowOrigin = c.allows
			srv := script.Serve(t, answer)
			tab := open(t, srv, source.Options{URL: srv.Door() + srv.URL})
			tab.expect(t, c.reported...)
		})
	}
}

func TestCookiesGoToThePagesOwnOrigin(t *testing.T) {
	document := js.Global().Get("document")
	document.Set("cookie", "session=s1")
	defer document.Set("cookie", "session=; max-age=0")
	for _, c := range []struct {
		name   string
		door   bool
		cookie string
	}{{"its own", false, "session=s1"}, {"another", true, ""}} {
		t.Run(c.name, func(t *testing.T) {
			answer := fresh(script.Hold)
			answer.AllowOrigin = "*"
			srv := script.Serve(t, answer)
			opts := source.Options{}
			if c.door {
				opts.URL = srv.Door() + srv.URL
			}
			open(t, srv, opts).expect(t, "connecting", "live")
			if got := srv.Wait(1, 1)[0].Cookie; got != c.cookie {
				t.Errorf("the stream was asked for with %q, want %q", got, c.cookie)
			}
		})
	}
}

func TestLineThatIsNoField(t *testing.T) {
	one := func(fields ...string) string {
		return "id: " + at(1).String() + "\n" + strings.Join(fields, "\n") + "\n\n"
	}
	const named, data = "event: test.noted", `data: {"N":1}`
	for _, c := range []struct {
		name, stream string
		want         []string
	}{
		{"another case", one(named, data, `Data: x`, `DATA: x`), []string{"1", "2"}},
		{"a space before it", one(named, data, ` data: x`), []string{"1", "2"}},
		{"more letters", one(named, data, `data_5: x`, `dataset`), []string{"1", "2"}},
		{"a NUL in the name", one(named, data, "data\x00: x", "event\x00: x"), []string{"1", "2"}},
		{"no space after the colon", one("event:test.noted", `data:{"N":1}`), []string{"1", "2"}},
		{"a tab after the colon", one("event:\ttest.noted", data), []string{"2"}},
		{"a name that is taken back", one(named, "event:", data), []string{"2"}},
		{"a name without data", one(named), []string{"2"}},
		{"a long comment", one(named, ":"+strings.Repeat("\x00 ", 1000), data), []string{"1", "2"}},
		{"an unknown one", one("unknown: 1", named, "more", data), []string{"1", "2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := script.Serve(t, fresh(script.Hold, c.stream, text(notes(2, 2)...)))
			tab := open(t, srv, source.Options{})
			tab.expect(t, append([]string{"connecting", "live"}, c.want...)...)
		})
	}
}

func TestByteOrderMark(t *testing.T) {
	answer := fresh(script.Hold, text(notes(1, 1)...))
	answer.Parts[0] = "\ufeff" + answer.Parts[0]
	srv := script.Serve(t, answer)
	tab := open(t, srv, source.Options{})
	tab.expect(t, "connecting", "live", "1")
}

// Each character is a packet of its own, the two of a line's end as well.
func TestStreamThatTrickles(t *testing.T) {
	stream := text(sourcetest.Hello(wire.Live, at(0)), sourcetest.Event(spoken, at(1), speech{"żółw 海 👩‍🚀"}))
	srv := script.Serve(t, script.Answer{Parts: strings.Split(strings.ReplaceAll(stream, "\n", "\r\n"), ""), Every: 1})
	tab := open(t, srv, source.Options{})
	tab.expect(t, "connecting", "live", "żółw 海 👩‍🚀")
}

// The standard says to ignore what the server says. Chromium does not.
func TestStreamInAnotherCharset(t *testing.T) {
	answer := fresh(script.Hold, text(sourcetest.Event(spoken, at(1), speech{"ż"})))
	answer.Type = "text/event-stream; charset=windows-1252"
	srv := script.Serve(t, answer)
	reported := []string{"connecting", "waiting: the browser does not accept the server's stream"}
	if strings.Contains(js.Global().Get("navigator").Get("userAgent").String(), "Firefox/") {
		reported = []string{"connecting", "live", "ż"}
	}
	open(t, srv, source.Options{}).expect(t, reported...)
}
