package source_test

import (
	"errors"
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

func TestFirstRequest(t *testing.T) {
	opts := source.Options{URL: "/live?tenant=7", Topics: []string{"room.lobby", "clock"}, Last: 50}
	inBubble(t, opts, func(t *testing.T, p *page) {
		conn := p.server.Next()
		if want := "/live?last=50&schema=" + event.Fingerprint() + "&tenant=7&topic=room.lobby&topic=clock"; conn.Request.URL != want {
			t.Errorf("URL\n\t%s, want\n\t%s", conn.Request.URL, want)
		}
		want := append(slices.Clone(wire.Names), "test.noted")
		if !slices.Equal(conn.Request.Names, want) {
			t.Errorf("listens for %q, want %q", conn.Request.Names, want)
		}
	})
}

// Last goes with it: the server may have to start the page over.
func TestPositionFromASnapshotIsAskedFor(t *testing.T) {
	inBubble(t, source.Options{After: at(7), Last: 50}, func(t *testing.T, p *page) {
		p.expectPosition(t, at(7))
		q := query(t, p.server.Next())
		if q.Get("after") != at(7).String() || q.Get("last") != "50" {
			t.Errorf("asks for %v, want what is after %v and the last 50", q, at(7))
		}
	})
}

func TestStartRefuses(t *testing.T) {
	var badTopic *event.NameError
	server := sourcetest.NewTransport()
	broken := sourcetest.NewTransport()
	broken.Refuse(transport.ErrUnsupported)
	for _, c := range []struct {
		name string
		opts source.Options
		is   func(error) bool
	}{
		{"no topics", source.Options{Transport: server}, is(source.ErrNoTopics)},
		{"a bad topic", source.Options{Transport: server, Topics: []string{"a b"}},
			func(err error) bool { return errors.As(err, &badTopic) }},
		{"a bad URL", source.Options{Transport: server, Topics: []string{"a"}, URL: "http://[::1"},
			func(err error) bool { return err != nil }},
		{"a platform without EventSource", source.Options{Transport: broken, Topics: []string{"a"}}, is(transport.ErrUnsupported)},
		{"which any platform check understands", source.Options{Transport: broken, Topics: []string{"a"}}, is(errors.ErrUnsupported)},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := source.New(c.opts)
			if err := src.Start(); !c.is(err) {
				t.Errorf("Start: %v", err)
			}
			<-src.Done() // closed already
			if s := src.State(); s.Phase != source.Closed || s.Reason.Text == "" {
				t.Errorf("after a failed Start the state is %+v", s)
			}
			src.Close() // harmless
		})
	}
	if n := server.Opened(); n != 0 {
		t.Errorf("%d connections were opened for refused options", n)
	}
}

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func TestSourceStartsOnce(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		if err := p.Start(); err != source.ErrStarted {
			t.Errorf("a second Start: %v", err)
		}
	})
	closed := newPage(source.Options{})
	closed.Close()
	if err := closed.Start(); err != source.ErrStarted {
		t.Errorf("Start after Close: %v", err)
	}
	<-closed.Done()
}

func TestFunctionsAreGivenBeforeStart(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		defer func() {
			if recover() == nil {
				t.Error("On after Start did not panic")
			}
		}()
		source.On(p.Source, noted, func(event.Of[note]) {})
	})
}

func TestOnRefusesATypeThatWasNotDefined(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("On with the zero Type did not panic")
		}
	}()
	source.On(source.New(source.Options{}), event.Type[note]{}, func(event.Of[note]) {})
}

// In whatever phase Close comes, what follows is one last state and the end.
func TestCloseEndsEveryPhase(t *testing.T) {
	for _, c := range []struct {
		phase source.Phase
		reach func(p *page)
	}{
		{source.Connecting, func(p *page) {}},
		{source.Live, func(p *page) { p.live(wire.Live, at(1)) }},
		{source.Waiting, func(p *page) { p.server.Next().Break() }},
	} {
		t.Run(c.phase.String(), func(t *testing.T) {
			inBubble(t, source.Options{}, func(t *testing.T, p *page) {
				c.reach(p)
				synctest.Wait()
				if got := p.State().Phase; got != c.phase {
					t.Fatalf("the phase is %v, want %v", got, c.phase)
				}
				p.read()
				p.Close()
				p.Close() // once more is harmless
				<-p.Done()
				p.expect(t, "closed")
				opened := p.server.Opened()
				<-time.After(time.Hour)
				if p.server.Opened() != opened {
					t.Error("a closed source connected again")
				}
			})
		})
	}
}

func TestCloseFromACallStopsTheBatch(t *testing.T) {
	inBubble(t, source.Options{}, func(t *testing.T, p *page) {
		p.onNote = func(n uint64) {
			if n == 2 {
				p.Close()
			}
		}
		conn := p.live(wire.Live, at(0))
		p.read()
		conn.Send(notes(1, 5)...)
		<-p.Done()
		p.expect(t, "1", "2", "closed")
		p.expectPosition(t, at(2))
	})
}

// The transport closes the source while Start is using it.
func TestCloseBeforeTheFirstState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport := &closing{Transport: sourcetest.NewTransport()}
		src := source.New(source.Options{Topics: []string{"notes"}, Transport: transport, Environment: &sourcetest.Environment{}})
		transport.close = src.Close
		var reported []source.Phase
		src.OnState(func(s source.State) { reported = append(reported, s.Phase) })
		if err := src.Start(); err != nil {
			t.Fatal(err)
		}
		<-src.Done()
		if want := []source.Phase{source.Closed}; !slices.Equal(reported, want) {
			t.Errorf("the page was told %v, want %v", reported, want)
		}
		if transport.Unreleased() != 0 {
			t.Error("the connection is still open")
		}
	})
}

type closing struct {
	*sourcetest.Transport
	close func()
}

func (c *closing) Open(r transport.Request, emit func(...transport.Signal)) (func(), error) {
	c.close()
	return c.Transport.Open(r, emit)
}

func TestIdleSourceHasNothingToRetry(t *testing.T) {
	src := source.New(source.Options{Topics: []string{"a"}})
	src.RetryNow()
	if got := src.State().Phase.String(); got != "idle" {
		t.Errorf("the phase is %s, want idle", got)
	}
	src.Close()
	<-src.Done()
}
