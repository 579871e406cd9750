package live

import (
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/transport"
)

// Status draws a line that says whether what the page shows is live, and counts
// down to the next connection attempt. Its elements are #status and #ready-state.
func (p *Page) Status() app.UI { return &statusLine{State: p.state} }

// A statusLine draws the state of the stream. It redraws itself while it counts
// down.
type statusLine struct {
	app.Compo
	State source.State

	noEventSource bool // the browser has no EventSource
	ticking       bool
}

// OnMount starts the countdown if there is something to wait for.
func (l *statusLine) OnMount(ctx app.Context) {
	l.noEventSource = !app.Window().Get("EventSource").Truthy()
	l.countDown(ctx)
}

// OnUpdate runs with each new state.
func (l *statusLine) OnUpdate(ctx app.Context) { l.countDown(ctx) }

func (l *statusLine) countDown(ctx app.Context) {
	if l.ticking || l.State.Phase != source.Waiting {
		return
	}
	l.ticking = true
	ctx.After(time.Second, func(ctx app.Context) {
		l.ticking = false
		l.countDown(ctx)
	})
}

// Render draws the line. Its role makes screen readers announce a change.
func (l *statusLine) Render() app.UI {
	return app.Elem("div").Class("seaway-status", l.State.Phase.String()).Role("status").DataSet("transport", l.transport()).Body(
		app.Elem("span").ID("status").Text(statusText(l.State, l.noEventSource, time.Now())),
		app.Elem("span").ID("ready-state").Title("EventSource.readyState").Text(readyStates[min(l.State.ReadyState, transport.ReadyClosed)]),
	)
}

// readyStates is an array, since code would be needed to fill a map.
var readyStates = [...]string{
	transport.ReadyConnecting: "readyState 0 CONNECTING",
	transport.ReadyOpen:       "readyState 1 OPEN",
	transport.ReadyClosed:     "readyState 2 CLOSED",
}

// transport returns the name of the transport, once events come by it: the server,
// which draws the line first, cannot know what the browser will choose.
func (l *statusLine) transport() string {
	if l.State.Phase == source.Connecting {
		return ""
	}
	return l.State.Transport
}

func statusText(s source.State, noEventSource bool, now time.Time) string {
	switch s.Phase {
	case source.Live:
		if noEventSource {
			return "live, by polling: this browser has no EventSource"
		}
		return "live"
	case source.Stale:
		return "not live: checking the connection"
	case source.Waiting:
		// Rounded up: 0 is not shown while there is time to wait.
		return "reconnecting in " + strconv.Itoa(max(1, int((s.Until.Sub(now)+time.Second-1)/time.Second))) + " s"
	case source.Offline:
		return "offline: waiting for a network"
	case source.Refused:
		return "refused: " + s.Reason.Text
	case source.Incompatible:
		return "out of date: " + s.Reason.Text
	case source.Closed:
		return "closed: " + s.Reason.Text
	}
	return "connecting"
}
