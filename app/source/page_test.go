package source_test

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

type note struct{ N uint64 }

var noted = event.Define[note]("test.noted")

// at returns the id of event number n of the log that most tests use.
func at(n uint64) event.ID { return event.NewID("e1", n, "key") }

// elsewhere is at for another log.
func elsewhere(n uint64) event.ID { return event.NewID("e2", n, "key") }

// notes returns the frames of events from..to.
func notes(from, to uint64) (frames []transport.Frame) {
	for n := from; n <= to; n++ {
		frames = append(frames, sourcetest.Event(noted, at(n), note{n}))
	}
	return frames
}

// A page is a source in a bubble with a diary of all calls it made.
type page struct {
	*source.Source
	server  *sourcetest.Transport
	browser *sourcetest.Environment
	onNote  func(n uint64) // called in addition; set before anything is sent
	onBatch func()
	failed  func(error)

	mu     sync.Mutex
	events []event.Of[note]
	diary  []string // "1" is an event, others speak for themselves
	states []source.State
	waits  []time.Duration // how long the page was going to wait, each time
}

// inBubble runs a test with a page that has started. The bubble fails it if a
// goroutine is left over.
func inBubble(t *testing.T, opts source.Options, test func(t *testing.T, p *page)) {
	t.Helper()
	inBubbleAfter(t, 0, opts, test)
}

// inBubbleAfter is inBubble with a page that starts a while after the beginning
// of the bubble's time.
func inBubbleAfter(t *testing.T, after time.Duration, opts source.Options, test func(t *testing.T, p *page)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		<-time.After(after)
		p := newPage(opts)
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() { // also when the test gives up
			p.Close()
			<-p.Done()
			if n := p.browser.Watches(); n != 0 {
				t.Errorf("%d watches are left after Done", n)
			}
			if n := p.server.Unreleased(); n != 0 {
				t.Errorf("%d connections are still open after Done", n)
			}
		}()
		test(t, p)
	})
}

func newPage(opts source.Options) *page {
	p := &page{server: sourcetest.NewTransport(), browser: &sourcetest.Environment{}}
	if opts.Topics == nil {
		opts.Topics = []string{"notes"}
	}
	if opts.Rand == nil {
		opts.Rand = func() float64 { return 0.5 }
	}
	if opts.Pace == 0 {
		opts.Pace = -1 // so that most tests need not wait for a frame of the screen
	}
	if opts.Transport == nil {
		opts.Transport = p.server
	}
	if opts.Storage == nil {
		opts.Storage = &sourcetest.Storage{}
	}
	if opts.OriginStorage == nil {
		opts.OriginStorage = &sourcetest.Storage{}
	}
	if opts.Probe == nil {
		opts.Probe = answers()
	}
	opts.Environment = p.browser
	p.Source = source.New(opts)
	source.On(p.Source, noted, func(e event.Of[note]) {
		p.write(e.Value.N)
		p.keep(e)
		if p.onNote != nil {
			p.onNote(e.Value.N)
		}
	})
	p.OnReset(func(r wire.ResetInfo) { p.write("reset ", r.Reason) })
	p.OnState(p.writeState)
	p.OnError(func(err error) {
		if p.failed != nil {
			p.failed(err)
		}
		var d *event.DecodeError
		if !errors.As(err, &d) {
			d = &event.DecodeError{Type: "of another kind"}
		}
		p.write("error ", d.Type)
	})
	p.OnBatch(func() {
		p.write("batch")
		if p.onBatch != nil {
			p.onBatch()
		}
	})
	return p
}

func (p *page) write(words ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.diary = append(p.diary, fmt.Sprint(words...))
}

func (p *page) keep(e event.Of[note]) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events = append(p.events, e)
}

func (p *page) writeState(s source.State) {
	p.write(s.Phase)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.states = append(p.states, s)
	if s.Phase == source.Waiting {
		p.waits = append(p.waits, time.Until(s.Until).Round(time.Millisecond))
	}
}

// read returns what has been written since the last call.
func (p *page) read() []string {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	diary := p.diary
	p.diary = nil
	return diary
}

// last returns the newest state, which the page must have been told.
func (p *page) last(t *testing.T) source.State {
	t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.State()
	reported := p.states[len(p.states)-1]
	reported.Position = s.Position
	if reported != s {
		t.Fatalf("the state is %+v, but the page was told %+v", s, reported)
	}
	return s
}

// waited returns how long the last n waits were going to be.
func (p *page) waited(t *testing.T, n int) []time.Duration {
	t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waits) < n {
		t.Fatalf("the page waited %d times, want %d", len(p.waits), n)
	}
	return slices.Clone(p.waits[len(p.waits)-n:])
}

// live brings the page to Live at a position, on its next connection.
func (p *page) live(mode wire.Mode, at event.ID) *sourcetest.Conn {
	conn := p.server.Next()
	conn.Send(sourcetest.Hello(mode, at))
	synctest.Wait()
	return conn
}

// expect compares what has been written since the diary was last read.
func (p *page) expect(t *testing.T, want ...string) {
	t.Helper()
	if got := p.read(); !slices.Equal(got, want) {
		t.Errorf("the page was told\n\t%q, want\n\t%q", got, want)
	}
}

// expectEvents is expect where several connections speak: how many batches what
// they bring makes is up to the scheduler. The last word is a batch even so.
func (p *page) expectEvents(t *testing.T, want ...string) {
	t.Helper()
	all := p.read()
	got := slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "batch" })
	if !slices.Equal(got, want) || len(all) == 0 || all[len(all)-1] != "batch" {
		t.Errorf("the page was told\n\t%q, want\n\t%q and a batch", all, want)
	}
}

func (p *page) expectPosition(t *testing.T, want event.ID) {
	t.Helper()
	synctest.Wait()
	if got := p.State().Position; got != want {
		t.Errorf("the position is %v, want %v", got, want)
	}
}

// query returns the parameters that a connection was asked for with.
func query(t *testing.T, c *sourcetest.Conn) url.Values {
	t.Helper()
	u, err := url.Parse(c.Request.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

// released reports whether the source has let go of the connection.
func released(c *sourcetest.Conn) bool {
	select {
	case <-c.Released():
		return true
	default:
		return false
	}
}
