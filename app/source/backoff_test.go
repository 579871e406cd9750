package source_test

import (
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// almostOne is the largest number that a source of random numbers returns.
var almostOne = math.Nextafter(1, 0)

// fail breaks the next n connections.
func (p *page) fail(n int) {
	for range n {
		p.server.Next().Break()
		synctest.Wait()
	}
}

func seconds(s ...float64) (d []time.Duration) {
	for _, s := range s {
		d = append(d, time.Duration(s*float64(time.Second)))
	}
	return d
}

// The first try counts: a page whose first try failed has the second span.
func TestWaitsAreSpreadOverASpanThatDoubles(t *testing.T) {
	for _, c := range []struct {
		name    string
		random  float64
		backoff source.Backoff
		want    []time.Duration
	}{
		{"at least nothing", 0, source.Backoff{}, seconds(0, 0, 0, 0, 0, 0, 0, 0)},
		{"on average half", 0.5, source.Backoff{}, seconds(0.5, 1, 2, 4, 8, 15, 15, 15)},
		{"at most all", almostOne, source.Backoff{}, seconds(1, 2, 4, 8, 16, 30, 30, 30)},
		{"of a page's own span", almostOne, source.Backoff{Min: time.Second, Max: 3 * time.Second}, seconds(2, 3, 3)},
	} {
		t.Run(c.name, func(t *testing.T) {
			opts := source.Options{Backoff: c.backoff, Rand: func() float64 { return c.random }}
			inBubble(t, opts, func(t *testing.T, p *page) {
				p.fail(len(c.want))
				if got := p.waited(t, len(c.want)); !slices.Equal(got, c.want) {
					t.Errorf("waits %v, want %v", got, c.want)
				}
			})
		})
	}
}

// It is tested for more tries than a page makes in a day, since a span that is
// doubled too often turns negative.
func TestSpanNeverOverflows(t *testing.T) {
	inBubble(t, source.Options{Rand: func() float64 { return almostOne }}, func(t *testing.T, p *page) {
		p.fail(3000)
		if got := p.waited(t, 1)[0]; got != 30*time.Second {
			t.Errorf("after 3000 failures the page waits %v, want 30s", got)
		}
	})
}

func TestNextTryComesAtTheTimeReported(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.server.Next().Break()
		until := p.last(t).Until
		p.server.Next()
		if now := time.Now(); !now.Equal(until) {
			t.Errorf("the next try came at %v, and was told for %v", now, until)
		}
		if s := p.last(t); s.Phase != source.Connecting || s.Attempt != 2 || !s.Until.IsZero() {
			t.Errorf("the state is %+v", s)
		}
	})
}

// A server in trouble accepts, says hello and drops: that must not look like
// success, or all pages would hammer it at the shortest span.
func TestBackoffIsResetByHealthOnly(t *testing.T) {
	for _, c := range []struct {
		name  string
		lasts time.Duration
		want  time.Duration
	}{
		{"9.9 s are not enough", 9900 * time.Millisecond, 4 * time.Second},
		{"10 s are", 10 * time.Second, 500 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{Rand: func() float64 { return almostOne }}, func(t *testing.T, p *page) {
				p.fail(2)
				conn := p.server.Next()
				<-time.After(5 * time.Second) // until the hello, which do not count
				conn.Send(sourcetest.Hello(wire.Live, at(1)))
				<-time.After(c.lasts)
				synctest.Wait()
				conn.Break()
				if got := p.waited(t, 1)[0]; got != c.want {
					t.Errorf("waits %v, want %v", got, c.want)
				}
			})
		})
	}
}

func TestServersHintIsAFloor(t *testing.T) {
	hello := sourcetest.HelloFrom(wire.Hello{Mode: wire.Live, Epoch: "e1", Retry: 3000}, at(1))
	for _, c := range []struct {
		name   string
		random float64
		frames []transport.Frame
		want   time.Duration
	}{
		{"hello's is never shortened", 0, []transport.Frame{hello}, 3 * time.Second},
		{"and stretched by half", almostOne, []transport.Frame{hello}, 4500 * time.Millisecond},
		{"bye's is longer", 0, []transport.Frame{hello, sourcetest.Bye(wire.Bye{Retry: 7000})}, 7 * time.Second},
		{"bye's is shorter", 0, []transport.Frame{hello, sourcetest.Bye(wire.Bye{Retry: 700})}, 3 * time.Second},
		{"bye's without a hello", 0, []transport.Frame{sourcetest.Bye(wire.Bye{Retry: 700})}, 700 * time.Millisecond},
		{"a fault's", 0, []transport.Frame{sourcetest.Fault(wire.Fault{Error: *fault.New(fault.RateLimited, "slow down"), Wait: 5000})}, 5 * time.Second},
		{"a negative one is none", 0, []transport.Frame{sourcetest.Bye(wire.Bye{Retry: -5})}, 0},
		{"an absurd one is an hour", 0, []transport.Frame{sourcetest.Bye(wire.Bye{Retry: math.MaxInt})}, time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, source.Options{Rand: func() float64 { return c.random }}, func(t *testing.T, p *page) {
				conn := p.server.Next()
				conn.Send(c.frames...)
				conn.Break()
				if got := p.waited(t, 1)[0]; got != c.want {
					t.Errorf("waits %v, want %v", got, c.want)
				}
			})
		})
	}
}

// A bye's hint is for one wait. A hello's stands until the next hello.
func TestHintCountsForOneTry(t *testing.T) {
	inBubble(t, source.Options{Rand: func() float64 { return 0 }}, func(t *testing.T, p *page) {
		p.server.Next().Send(
			sourcetest.HelloFrom(wire.Hello{Mode: wire.Live, Epoch: "e1", Retry: 2000}, at(1)),
			sourcetest.Bye(wire.Bye{Retry: 9000}))
		synctest.Wait()
		p.fail(2)
		got := p.waited(t, 3)
		if want := seconds(9, 2, 2); !slices.Equal(got, want) {
			t.Errorf("waits %v, want %v", got, want)
		}
		p.live(wire.Resumed, at(1)).Break() // its hello asks for nothing
		if got := p.waited(t, 1)[0]; got != 0 {
			t.Errorf("waits %v after a hello without a hint", got)
		}
	})
}

func TestRetryNowEndsAWait(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.server.Next().Send(sourcetest.Bye(wire.Bye{Retry: 60_000}))
		synctest.Wait()
		asked := time.Now()
		p.RetryNow()
		p.server.Next()
		if d := time.Since(asked); d != 0 {
			t.Errorf("the next try came %v after RetryNow", d)
		}
		<-time.After(5 * time.Second) // the try is in progress: it is let be
		p.RetryNow()
		p.RetryNow()
		synctest.Wait()
		if n := p.server.Opened(); n != 2 {
			t.Errorf("%d connections, want 2", n)
		}
		<-time.After(5 * time.Second) // the time for its hello is up
		if s := p.last(t); s.Phase != source.Waiting || s.Attempt != 3 {
			t.Errorf("the state is %+v", s)
		}
	})
}

func TestTimeForAHelloCanBeSet(t *testing.T) {
	inBubble(t, source.Options{HelloWithin: time.Second}, func(t *testing.T, p *page) {
		p.server.Next().Accept()
		<-time.After(time.Second)
		if s := p.last(t); s.Phase != source.Waiting {
			t.Errorf("the phase is %v, want waiting", s.Phase)
		}
	})
}
