package source_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// answers returns a probe that finds them one after the other.
func answers(found ...transport.Answer) transport.Probe {
	return func(context.Context, string) (transport.Answer, error) {
		if len(found) == 0 {
			return transport.Answer{}, errors.New("one probe too many")
		}
		a := found[0]
		found = found[1:]
		return a, nil
	}
}

// Most of these a browser gives up for good without a word.
func TestProbeFindsWhy(t *testing.T) {
	const html = "text/html; charset=utf-8"
	for _, c := range []struct {
		name   string
		answer transport.Answer
		phase  source.Phase
		text   string // in the reason
		wait   time.Duration
	}{
		{"400", transport.Answer{Status: 400}, source.Refused, "status 400", 0},
		{"401", transport.Answer{Status: 401}, source.Refused, "status 401", 0},
		{"403", transport.Answer{Status: 403, Worker: true}, source.Refused, "status 403", 0},
		{"404", transport.Answer{Status: 404}, source.Refused, "status 404", 0},
		{"405", transport.Answer{Status: 405}, source.Refused, "status 405", 0},
		{"410", transport.Answer{Status: 410}, source.Refused, "status 410", 0},
		{"422", transport.Answer{Status: 422}, source.Refused, "status 422", 0},
		{"401 as a page", transport.Answer{Status: 401, Type: html}, source.Refused, "status 401", 0},
		{"204", transport.Answer{Status: 204, Worker: true}, source.Closed, "asked the page to stop", 0},
		{"500", transport.Answer{Status: 500}, source.Waiting, "status 500", 500 * time.Millisecond},
		{"503", transport.Answer{Status: 503}, source.Waiting, "status 503", 500 * time.Millisecond},
		{"503 until later", transport.Answer{Status: 503, RetryAfter: "120"}, source.Waiting, "status 503", 150 * time.Second},
		{"429 until later", transport.Answer{Status: 429, RetryAfter: "7"}, source.Waiting, "status 429", 8750 * time.Millisecond},
		{"503 until then", transport.Answer{Status: 503, RetryAfter: "Sat, 01 Jan 2000 00:02:00 GMT"}, source.Waiting, "status 503", 150 * time.Second},
		{"503 until past", transport.Answer{Status: 503, RetryAfter: "Sat, 01 Jan 1999 00:02:00 GMT"}, source.Waiting, "status 503", 500 * time.Millisecond},
		{"503 until nonsense", transport.Answer{Status: 503, RetryAfter: "soon"}, source.Waiting, "status 503", 500 * time.Millisecond},
		{"503 for too long", transport.Answer{Status: 503, RetryAfter: "99999999999999"}, source.Waiting, "status 503", time.Hour + 15*time.Minute},
		{"a page", transport.Answer{Status: 200, Type: html}, source.Waiting, "captive portal", 500 * time.Millisecond},
		{"another thing", transport.Answer{Status: 200, Type: "image/png"}, source.Waiting, `"image/png"`, 500 * time.Millisecond},
		{"a redirect", transport.Answer{Redirect: true}, source.Waiting, "elsewhere", 500 * time.Millisecond},
		{"a service worker's", transport.Answer{Status: 503, Worker: true}, source.Waiting, "service worker", 500 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{Probe: answers(c.answer)}, func(t *testing.T, p *page) {
				p.server.Next().Reject()
				s := p.last(t)
				if s.Phase != c.phase || !strings.Contains(s.Reason.Text, c.text) || s.Reason.Status != c.answer.Status {
					t.Errorf("the state is %v: %+v", s.Phase, s.Reason)
				}
				if named := strings.Contains(s.Reason.Text, "service worker"); named != (c.text == "service worker") {
					t.Errorf("the reason is %q", s.Reason.Text)
				}
				if s.Phase == source.Waiting && time.Until(s.Until) != c.wait {
					t.Errorf("the page waits %v, want %v", time.Until(s.Until), c.wait)
				}
				if s.Phase != source.Waiting {
					<-time.After(24 * time.Hour)
					if n := p.server.Opened(); n != 1 {
						t.Errorf("%d connections", n)
					}
				}
			})
		})
	}
}

func TestProbeBringsTheServersReason(t *testing.T) {
	for _, c := range []struct {
		body string
		want *fault.Error
		text string
	}{
		{`{"error":{"code":"unauthenticated","message":"who are you?"}}`, &fault.Error{Code: "unauthenticated", Message: "who are you?"}, "who are you?"},
		{`{"error":{"code":"invalid","message":"no such topic","field":"topic"}}`, fault.Field("topic", "no such topic"), "no such topic"},
		{`{"error":{"code":"invalid"}}`, &fault.Error{Code: "invalid"}, "the server answered with status 401"},
		{`{"error":"no"}`, nil, "the server answered with status 401"},
		{`{"error":{"message":"no code"}}`, nil, "the server answered with status 401"},
		{`{"error":{"code":"inv`, nil, "the server answered with status 401"},
		{``, nil, "the server answered with status 401"},
	} {
		a := transport.Answer{Status: 401, Type: "application/json", Body: []byte(c.body)}
		inBubble(t, source.Options{Probe: answers(a)}, func(t *testing.T, p *page) {
			p.server.Next().Reject()
			got := p.last(t).Reason
			if got.Text != c.text || (got.Fault == nil) != (c.want == nil) || c.want != nil && *got.Fault != *c.want {
				t.Errorf("%s: the reason is %+v, with %+v", c.body, got, got.Fault)
			}
		})
	}
}

func TestProbeAsksForWhatWasRefused(t *testing.T) {
	var asked []string
	probe := func(_ context.Context, url string) (transport.Answer, error) {
		asked = append(asked, url)
		return transport.Answer{}, errors.New("no route")
	}
	inBubble(t, source.Options{After: at(7), Probe: probe}, func(t *testing.T, p *page) {
		for n := range 3 {
			conn := p.server.Next()
			conn.Reject()
			if s := p.last(t); s.Phase != source.Waiting || s.Reason.Text != "the server did not answer with a stream" || s.Attempt != n+2 {
				t.Errorf("the state is %+v", s)
			}
			if len(asked) != n+1 || asked[n] != conn.Request.URL {
				t.Errorf("asked %q", asked)
			}
			if !released(conn) {
				t.Error("the connection was not released")
			}
		}
		p.server.Next().Break() // it could not be reached: nothing to ask
		synctest.Wait()
		p.live(wire.Resumed, at(7)).Reject() // it was a stream
		synctest.Wait()
		if len(asked) != 3 {
			t.Errorf("asked %d times, want 3", len(asked))
		}
	})
}

// What the browser refused and the probe did not may have been a server that
// came up in between. Twice in a row it is not.
func TestStreamAfterAllIsTriedAtOnce(t *testing.T) {
	stream := transport.Answer{Status: 200, Type: "Text/Event-Stream;charset=utf-8"}
	inBubble(t, source.Options{Probe: answers(stream, stream, stream)}, func(t *testing.T, p *page) {
		begun := time.Now()
		p.server.Next().Reject()
		conn := p.server.Next()
		if d := time.Since(begun); d != 0 {
			t.Errorf("the next try came after %v", d)
		}
		conn.Reject()
		if s := p.last(t); s.Phase != source.Waiting || s.Reason.Text != "the browser does not accept the server's stream" || s.Attempt != 2 {
			t.Errorf("the state is %+v", s)
		}
		p.live(wire.Live, at(1)).Break() // it does now: once more may be tried
		p.server.Next().Reject()
		begun = time.Now()
		p.server.Next()
		if d := time.Since(begun); d != 0 {
			t.Errorf("the next try came after %v", d)
		}
	})
}

// blind is a probe that learns nothing until it must return.
func blind(ctx context.Context, _ string) (transport.Answer, error) {
	<-ctx.Done()
	return transport.Answer{Status: 204}, ctx.Err()
}

// The time for a hello goes on while a probe is made.
func TestProbeThatLearnsNothing(t *testing.T) {
	inBubble(t, source.Options{Probe: blind}, func(t *testing.T, p *page) {
		conn := p.server.Next()
		<-time.After(4 * time.Second)
		conn.Reject()
		<-time.After(5 * time.Second)
		synctest.Wait()
		if s := p.last(t); s.Phase != source.Connecting {
			t.Errorf("after 9 s the state is %+v", s)
		}
		<-time.After(time.Second)
		if s := p.last(t); s.Phase != source.Waiting || s.Reason.Text != "the server did not answer in time" {
			t.Errorf("after 10 s the state is %+v", s)
		}
		p.server.Next().Reject()
		synctest.Wait() // and Close ends the second one
	})
}

// What the browser tells in the very moment of the end comes too late.
func TestClosedSourceStaysClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPage(source.Options{Probe: answers(transport.Answer{Status: 204})})
		p.OnState(func(s source.State) {
			if s.Phase == source.Closed {
				p.browser.PageEvent(source.PageHide)
				p.browser.PageEvent(source.PageShow)
			}
		})
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		p.server.Next().Reject()
		<-p.Done()
		p.expect(t, "connecting", "connecting", "closed")
		p.Close() // harmless
	})
}

// In whatever form the server says that it refuses: what may pass is waited
// for, and who is not known is not known the next time either.
func TestRefusalsInBand(t *testing.T) {
	for _, c := range []struct {
		code  fault.Code
		retry bool
		phase source.Phase
	}{
		{fault.Forbidden, false, source.Refused},
		{fault.NotFound, false, source.Refused},
		{fault.Forbidden, true, source.Refused},
		{fault.Unauthenticated, true, source.Refused},
		{fault.Unavailable, true, source.Waiting},
		{fault.RateLimited, true, source.Waiting},
	} {
		t.Run(fmt.Sprint(c.code, c.retry), func(t *testing.T) {
			inBubble(t, source.Options{}, func(t *testing.T, p *page) {
				words := fault.Error{Code: c.code, Message: "not for you", Retry: c.retry}
				conn := p.server.Next()
				conn.Send(sourcetest.Fault(wire.Fault{Error: words}))
				s := p.last(t)
				if s.Phase != c.phase || s.Reason.Text != "not for you" || *s.Reason.Fault != words {
					t.Errorf("the state is %+v", s)
				}
				if !released(conn) {
					t.Error("the connection was not released")
				}
			})
		})
	}
}

// A transport that reads the answer itself needs no probe.
func TestTransportMayBringTheServersReason(t *testing.T) {
	inBubble(t, source.Options{Probe: answers()}, func(t *testing.T, p *page) {
		words := fault.New(fault.Forbidden, "not for you")
		p.server.Next().Fail(fmt.Errorf("poll: %w", words))
		if s := p.last(t); s.Phase != source.Refused || s.Reason.Fault != words || s.Reason.Text != "not for you" {
			t.Errorf("the state is %+v", s)
		}
	})
}

// Somebody may have logged in, in another tab or on another page.
func TestRefusedPageAsksAgainOnlyIfThereIsCause(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(p *page)
		asks bool
	}{
		{"time", func(*page) {}, false},
		{"focus", func(p *page) { p.browser.PageEvent(source.Focus) }, false},
		{"hidden", func(p *page) { p.browser.Hide() }, false},
		{"offline", func(p *page) { p.browser.GoOffline() }, false},
		{"a click", func(p *page) { p.RetryNow() }, true},
		{"online", func(p *page) { p.browser.GoOnline() }, true},
		{"visible", func(p *page) { p.browser.Show() }, true},
		{"pageshow", func(p *page) { p.browser.PageEvent(source.PageShow) }, true},
		{"left", func(p *page) { p.browser.PageEvent(source.PageHide) }, false},
		{"left and back", func(p *page) {
			p.browser.PageEvent(source.PageHide)
			p.browser.PageEvent(source.PageShow)
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{Probe: answers(transport.Answer{Status: 401}, transport.Answer{Status: 401})}, func(t *testing.T, p *page) {
				p.server.Next().Reject()
				synctest.Wait()
				p.read()
				c.do(p)
				if c.asks {
					p.server.Next().Reject()
				}
				<-time.After(time.Hour)
				synctest.Wait()
				if asked := p.server.Opened() == 2; asked != c.asks {
					t.Errorf("%d connections", p.server.Opened())
				}
				if s := p.last(t); s.Phase != source.Refused && !c.asks {
					t.Errorf("the state is %+v", s)
				}
			})
		})
	}
}
