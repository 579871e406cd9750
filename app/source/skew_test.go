package source_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// foreignPrint is the fingerprint of a version that the page has never heard of.
const foreignPrint = "0123456789abcdef"

// speaking returns the hello of a server whose schema differs from the page's as
// change says; "" is not there.
func speaking(at event.ID, change map[string]string, accepts map[string][]string) transport.Frame {
	schema := event.Schemas()
	for name, print := range change {
		if schema[name] = print; print == "" {
			delete(schema, name)
		}
	}
	return sourcetest.HelloFrom(wire.Hello{Epoch: at.Epoch(), Head: at, Mode: wire.Live, Schema: schema, Accepts: accepts}, at)
}

func TestVerdictOnAServer(t *testing.T) {
	older := map[string]string{"test.noted": foreignPrint}
	for _, c := range []struct {
		name    string
		change  map[string]string
		accepts map[string][]string
		skew    source.Skew
		phase   source.Phase
	}{
		{"the page's own build", nil, nil, source.SkewSame, source.Live},
		{"one with events that the page does not know", map[string]string{"test.unheard": foreignPrint}, nil, source.SkewSame, source.Live},
		{"one that has changed what the page does not use", map[string]string{"test.metric": foreignPrint}, nil, source.SkewCompatible, source.Live},
		{"one that has dropped what the page does not use", map[string]string{"test.metric": ""}, nil, source.SkewCompatible, source.Live},
		{"one that accepts the page's version", older, map[string][]string{"test.noted": {event.Schemas()["test.noted"]}}, source.SkewCompatible, source.Live},
		{"one that has changed what the page uses", older, nil, source.SkewIncompatible, source.Incompatible},
		{"one that has dropped what the page uses", map[string]string{"test.noted": ""}, nil, source.SkewIncompatible, source.Incompatible},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{}, func(t *testing.T, p *page) {
				p.server.Next().Send(speaking(at(0), c.change, c.accepts))
				if s := p.last(t); s.Skew != c.skew || s.Phase != c.phase {
					t.Errorf("%v and %v, want %v and %v", s.Phase, s.Skew, c.phase, c.skew)
				}
			})
		})
	}
}

func TestServerThatSendsNoSchemaIsBelieved(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.live(wire.Live, at(0))
		if s := p.last(t); s.Phase != source.Live || s.Skew != source.SkewSame {
			t.Errorf("the state is %+v", s)
		}
	})
}

// What the server says after a hello that the page cannot follow is not for this
// page: not an event, not a position, not a reset.
func TestIncompatiblePageAppliesNothing(t *testing.T) {
	for _, mode := range []wire.Mode{wire.Live, wire.Reset} {
		inBubble(t, source.Options{After: at(3)}, func(t *testing.T, p *page) {
			hello := speaking(at(9), map[string]string{"test.noted": foreignPrint}, nil)
			if mode == wire.Reset {
				hello.LastEventID = ""
			}
			conn := p.server.Next()
			conn.Send(append([]transport.Frame{hello, sourcetest.Reset(at(9), wire.Purged)}, notes(10, 12)...)...)
			p.expect(t, "connecting", "incompatible")
			p.expectPosition(t, at(3))
			if !released(conn) {
				t.Error("the connection is still open")
			}
			if s := p.last(t); s.Reason.Text != "the server speaks another version of test.noted" {
				t.Errorf("the reason is %q", s.Reason.Text)
			}
		})
	}
}

// A release that is taken back heals the page without a reload.
func TestIncompatiblePageTriesAgainNowAndThen(t *testing.T) {
	inBubble(t, source.Options{After: at(3)}, func(t *testing.T, p *page) {
		for range 3 {
			p.server.Next().Send(speaking(at(3), map[string]string{"test.noted": foreignPrint}, nil))
			if wait := time.Until(p.last(t).Until); wait != 75*time.Second {
				t.Errorf("the page waits %v, want 60 s and half of the 30 s that chance may add", wait)
			}
			p.read()
		}
		conn := p.server.Next()
		conn.Send(append([]transport.Frame{speaking(at(3), nil, nil)}, notes(4, 4)...)...)
		p.expect(t, "connecting", "live", "4", "batch")
		if s := p.last(t); s.Skew != source.SkewSame {
			t.Errorf("healed, and %v", s.Skew)
		}
	})
}

func TestUserNeedNotWaitForTheNextTry(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.server.Next().Send(speaking(at(0), map[string]string{"test.noted": foreignPrint}, nil))
		synctest.Wait()
		before := time.Now()
		p.RetryNow()
		p.server.Next()
		if waited := time.Since(before); waited != 0 {
			t.Errorf("the page waited %v", waited)
		}
		if s := p.last(t); s.Phase != source.Connecting || s.Skew != source.SkewIncompatible {
			t.Errorf("%v and %v: the verdict stands until the next hello", s.Phase, s.Skew)
		}
	})
}

func TestServersHintIsAFloorForAnIncompatiblePageToo(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		hello := wire.Hello{Epoch: "e1", Mode: wire.Live, Retry: 120_000, Schema: map[string]string{"test.noted": foreignPrint}}
		p.server.Next().Send(sourcetest.HelloFrom(hello, at(0)))
		if wait := time.Until(p.last(t).Until); wait != 150*time.Second {
			t.Errorf("the page waits %v, want 120 s and a quarter", wait)
		}
	})
}

func TestVerdictsHaveTheirWords(t *testing.T) {
	for skew, want := range map[source.Skew]string{
		source.SkewSame: "same", source.SkewCompatible: "compatible", source.SkewIncompatible: "incompatible", 9: "unknown",
	} {
		if got := skew.String(); got != want {
			t.Errorf("%d is %q, want %q", skew, got, want)
		}
	}
}

// metric is in the page's registry, and most pages of these tests do not use it.
type (
	metric   struct{ Metres int }
	imperial struct{ Feet int }
)

var (
	inFeet   = event.Define[imperial]("test.imperial")
	inMetres = event.Define[metric]("test.metric")
)

func init() {
	event.Upcast(inFeet, inMetres,
		func(i imperial) metric { return metric{i.Feet / 3} },
		func(m metric) imperial { return imperial{m.Metres * 3} })
}

// pair is what a server says of one event: the newest form first.
func pair(n uint64) []transport.Frame {
	return []transport.Frame{
		sourcetest.Event(inMetres, at(n), metric{int(n)}),
		sourcetest.Event(inFeet, at(n), imperial{int(n) * 3}),
	}
}

// inBubbleOf is inBubble for a page that uses more than notes.
func inBubbleOf(t *testing.T, use func(p *page), test func(t *testing.T, p *page)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := newPage(source.Options{})
		use(p)
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			p.Close()
			<-p.Done()
		}()
		test(t, p)
	})
}

func (p *page) useMetres() {
	source.On(p.Source, inMetres, func(e event.Of[metric]) { p.write(e.Value.Metres, " m of ", e.ID.Seq()) })
}

func (p *page) useFeet() {
	source.On(p.Source, inFeet, func(e event.Of[imperial]) { p.write(e.Value.Feet, " ft of ", e.ID.Seq()) })
}

func TestPageReceivesTheOlderFormOfWhatItUses(t *testing.T) {
	inBubbleOf(t, (*page).useMetres, func(t *testing.T, p *page) {
		conn := p.live(wire.Live, at(0))
		p.read()
		conn.Send(append(pair(5), sourcetest.Event(inFeet, at(7), imperial{21}))...)
		conn.Send(sourcetest.Event(inFeet, at(7), imperial{99}), sourcetest.Heartbeat(at(8)))
		p.expect(t, "5 m of 5", "7 m of 7", "batch")
		p.expectPosition(t, at(8))
		if want := slices.Concat(wire.Names, []string{"test.imperial", "test.metric", "test.noted"}); !slices.Equal(conn.Request.Names, want) {
			t.Errorf("the page listens for %q, want %q", conn.Request.Names, want)
		}
	})
}

// A page of the last release, over a transport that brings what nobody listens
// for as well: the newer form must not hide the one that it understands.
func TestPageOfTheLastReleaseReceivesItsOwnForm(t *testing.T) {
	inBubbleOf(t, (*page).useFeet, func(t *testing.T, p *page) {
		conn := p.live(wire.Live, at(0))
		p.read()
		conn.Send(slices.Concat(pair(5), pair(5), pair(6), []transport.Frame{sourcetest.Heartbeat(at(6))}, pair(4))...)
		p.expect(t, "15 ft of 5", "18 ft of 6", "batch")
		conn.Send(pair(7)[0])
		conn.Send(pair(7)[1])
		p.expect(t, "21 ft of 7", "batch")
		conn.Send(sourcetest.Heartbeat(at(9)), pair(9)[1]) // nothing before a heartbeat is still to come
		p.expect(t)
		p.expectPosition(t, at(9))
	})
}

func TestPageThatUsesBothFormsReceivesEachEventOnce(t *testing.T) {
	inBubbleOf(t, func(p *page) { p.useFeet(); p.useMetres() }, func(t *testing.T, p *page) {
		conn := p.live(wire.Live, at(0))
		p.read()
		conn.Send(pair(5)...)
		p.expect(t, "5 m of 5", "batch")
	})
}

// A server of the last release has the older form only.
func TestOlderFormIsEnoughForAPage(t *testing.T) {
	for _, c := range []struct {
		change map[string]string
		want   source.Skew
	}{
		{map[string]string{"test.metric": ""}, source.SkewCompatible},
		{map[string]string{"test.metric": "", "test.imperial": foreignPrint}, source.SkewIncompatible},
		{map[string]string{"test.imperial": foreignPrint}, source.SkewIncompatible},
	} {
		inBubbleOf(t, (*page).useMetres, func(t *testing.T, p *page) {
			p.server.Next().Send(speaking(at(0), c.change, nil))
			if got := p.last(t).Skew; got != c.want {
				t.Errorf("with %q the verdict is %v, want %v", c.change, got, c.want)
			}
		})
	}
}

func TestOlderFormThatCannotBeReadIsAnErrorOfItsOwn(t *testing.T) {
	inBubbleOf(t, (*page).useMetres, func(t *testing.T, p *page) {
		conn := p.live(wire.Live, at(0))
		p.read()
		conn.Send(transport.Frame{Name: "test.imperial", Data: `{"Feet":"two"}`, LastEventID: at(5).String()})
		p.expect(t, "error test.imperial", "batch")
	})
}
