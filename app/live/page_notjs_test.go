//go:build !js

package live

import (
	"net/url"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/wire"
)

// run lets the source do what it can, and draws.
func (r *mounted) run() {
	synctest.Wait()
	r.draw()
}

// asks returns what a stream was asked for.
func asks(t *testing.T, conn *sourcetest.Conn) url.Values {
	t.Helper()
	u, err := url.Parse(conn.Request.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

func TestPageDrawsABurstOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{})
		r.mountIn(t)
		conn := r.server.Next()
		conn.Send(sourcetest.Hello(wire.Live, id(1)))
		r.run()
		before := r.dispatched
		burst := make([]transport.Frame, 50)
		want := make([]string, 50)
		for i := range burst {
			want[i] = string(rune('A' + i))
			burst[i] = sourcetest.Event(written, id(uint64(2+i)), note{want[i]})
		}
		conn.Send(burst...)
		r.run()
		if drawn := r.dispatched - before; drawn != 1 || !slices.Equal(r.shown, want) {
			t.Errorf("a burst was drawn %d times, and shows %q", drawn, r.shown)
		}
		if r.position != id(51) {
			t.Errorf("the page is at %s", r.position)
		}
	})
}

func TestPageBeginsAgainAfterAReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{Last: 7})
		r.mountIn(t)
		conn := r.server.Next()
		if got := asks(t, conn).Get("last"); got != "7" {
			t.Errorf("the stream was asked for the last %s", got)
		}
		conn.Send(sourcetest.Hello(wire.Live, id(1)), sourcetest.Event(written, id(2), note{"old"}),
			sourcetest.Reset(id(8), wire.Purged), sourcetest.Event(written, id(9), note{"new"}))
		r.run()
		if !slices.Equal(r.shown, []string{"new"}) {
			t.Errorf("it shows %q", r.shown)
		}
	})
}

func TestPageGoesOnWhereItWasClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newMounted(Options{After: id(1)})
		var phases []source.Phase
		r.OnState(func(s source.State) { phases = append(phases, s.Phase) })
		r.mountIn(t)
		conn := r.server.Next()
		if got := asks(t, conn).Get("after"); got != id(1).String() {
			t.Errorf("it began after %s", got)
		}
		conn.Send(sourcetest.Hello(wire.Live, id(1)), sourcetest.Event(written, id(2), note{"a"}))
		r.run()
		conn.Send(sourcetest.Event(written, id(3), note{"too late"}))
		synctest.Wait()
		r.Close()
		r.run()
		if !slices.Equal(r.shown, []string{"a"}) || r.Source() != nil {
			t.Errorf("after Close it shows %q", r.shown)
		}
		r.mountIn(t)
		if got := asks(t, r.server.Next()).Get("after"); got != id(2).String() {
			t.Errorf("it went on after %s", got)
		}
		r.run()
		if want := []source.Phase{source.Connecting, source.Live, source.Connecting}; !slices.Equal(phases, want) || r.State().Phase != source.Connecting {
			t.Errorf("its phases were %v, want %v", phases, want)
		}
	})
}
