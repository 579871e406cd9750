package source_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/wire"
)

// recount says in a line what a trace holds.
func recount(r source.Trace) string {
	switch r.Kind {
	case source.Dialed:
		return fmt.Sprint("dialed ", r.Transport, " ", r.URL != "")
	case source.FrameRead:
		return "read " + r.Frame.Name
	case source.FrameDropped:
		return "dropped " + r.Frame.Name
	case source.FrameFailed:
		return fmt.Sprint("failed ", r.Err != nil)
	case source.StateChanged:
		return r.State.Phase.String()
	case source.Probed:
		return fmt.Sprint("probed ", r.Answer.Status, " ", r.Err)
	case source.PageEventReceived:
		return "page event " + string(r.PageEvent)
	case source.Signalled:
		return map[transport.Kind]string{transport.FrameArrived: "frame", transport.ConnectionFailed: "error"}[r.Signal.Kind]
	}
	return "nothing"
}

func TestTraceReportsWhatHappened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := called{sourcetest.NewTransport(), "wire"}
		p := newPage(source.Options{Transport: server, Probe: answers(transport.Answer{Status: 503})})
		p.server = server.Transport
		var reported []string
		p.OnTrace(func(r source.Trace) {
			reported = append(reported, recount(r))
			if r.At != time.Now().Round(0) {
				t.Errorf("%s was at %v", recount(r), r.At)
			}
		})
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		conn := p.live(wire.Live, at(0))
		conn.Send(notes(1, 1)[0], notes(1, 1)[0], transport.Frame{Name: noted.Name(), Data: "{", LastEventID: at(2).String()})
		synctest.Wait()
		p.browser.Show()
		synctest.Wait()
		conn.Break()
		p.server.Next().Reject()
		p.server.Next().Break()
		synctest.Wait()
		p.Close()
		<-p.Done()
		want := []string{"dialed wire true", "connecting", "frame", "read hello", "live",
			"frame", "read test.noted", "frame", "read test.noted", "dropped test.noted", "frame", "read test.noted", "failed true",
			"page event visibilitychange", "error", "waiting",
			"dialed wire true", "connecting", "error", "connecting", "probed 503 <nil>", "waiting",
			"dialed wire true", "connecting", "error", "waiting", "closed"}
		if !slices.Equal(reported, want) {
			t.Errorf("told\n\t%q, want\n\t%q", reported, want)
		}
	})
}

func TestProbeThatFailsIsTraced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPage(source.Options{Probe: answers()})
		var failed error
		p.OnTrace(func(r source.Trace) { failed = errors.Join(failed, r.Err) })
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		p.server.Next().Reject()
		synctest.Wait()
		if failed == nil {
			t.Error("the probe's error was not told")
		}
		p.Close()
		<-p.Done()
	})
}
