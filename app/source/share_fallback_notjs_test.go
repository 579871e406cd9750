//go:build !js

package source_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/internal/tabs/tabstest"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// Tabs that share a connection share its race and its fallback: there is one
// connection for all of them, two while the stream is tried, and each is told which
// transport is in use.
func TestTabsShareTheFallback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newChoice()
		env := &sourcetest.Environment{}
		browser := &tabstest.Browser{Rand: rand.New(rand.NewPCG(1, 1))}
		got := make([][]uint64, 4)
		var tabs []*source.Source
		open := func() {
			i := len(tabs)
			src := source.New(source.Options{
				Topics: []string{"notes"}, After: at(0), Transport: c.first, Fallback: c.second,
				OriginStorage: c.origin, Environment: env, Storage: &sourcetest.Storage{},
			})
			src.Via(browser.NewTab().Share)
			source.On(src, noted, func(e event.Of[note]) { got[i] = append(got[i], e.Value.N) })
			was := source.Idle
			src.OnState(func(s source.State) {
				if was == source.Live && s.Phase != source.Live && s.Phase != source.Closed {
					t.Errorf("tab %d becomes %v", i, s.Phase)
				}
				was = s.Phase
			})
			if err := src.Start(); err != nil {
				t.Fatal(err)
			}
			tabs = append(tabs, src)
		}
		all := func(transport string, connections int) {
			t.Helper()
			pass(time.Second)
			for i, tab := range tabs {
				if s := tab.State(); s.Phase != source.Live || s.Transport != transport {
					t.Errorf("tab %d is %+v, want it live by the %s", i, s, transport)
				}
			}
			if n := c.first.Unreleased() + c.second.Unreleased(); n != connections {
				t.Errorf("there are %d connections, want %d", n, connections)
			}
		}
		for range 3 {
			open()
		}
		pass(4 * time.Second)
		polls := c.second.Next()
		polls.Send(append([]transport.Frame{helloWithHeartbeats(wire.Resumed, at(0))}, notes(1, 2)...)...)
		all("second", 2)
		open() // while another leads
		all("second", 2)
		pass(7 * time.Second)
		polls.Send(sourcetest.Heartbeat(at(2)))
		all("second", 1)
		if held := c.first.Next(); !released(held) {
			t.Error("the stream that was held back is still there")
		}
		env.GoOnline()
		pass(2 * time.Second)
		stream := c.first.Next()
		stream.Send(helloWithHeartbeats(wire.Resumed, at(2)))
		pass(2 * time.Second)
		stream.Send(notes(3, 4)...)
		all("first", 1)
		for i, tab := range tabs {
			if !slices.Equal(got[i], []uint64{1, 2, 3, 4}) {
				t.Errorf("tab %d was told %v", i, got[i])
			}
			tab.Close()
			<-tab.Done()
		}
		if n := c.first.Unreleased() + c.second.Unreleased(); n != 0 {
			t.Errorf("%d connections are left", n)
		}
	})
}
