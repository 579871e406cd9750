package live

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/transport"
)

// Status draws a line that says whether what the page shows is live, and counts
// down to the next connection attempt. Its elements are #status and #ready-state.
func (p *Page) Status() app.UI { return &statusLine{State: p.state, Words: p.opts.Words} }

// A statusLine draws the state of the stream. It redraws itself while it counts
// down.
type statusLine struct {
	app.Compo
	State source.State
	Words *Words

	browser lacks // what the browser does not have
	ticking bool
}

// OnMount starts the countdown if there is something to wait for.
func (l *statusLine) OnMount(ctx app.Context) {
	l.browser = lacks{eventSource: !app.Window().Get("EventSource").Truthy(), storage: keepsNothing()}
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
	return app.Elem("div").Class("seaway-status", l.State.Phase.String()).Role("status").DataSet("transport", goapp.Attr(l.transport())).Body(
		app.Elem("span").ID("status").Text(l.Words.status(l.State, l.browser, time.Now())),
		app.Elem("noscript").Body(app.Elem("span").Text(l.Words.NoScript)),
		app.Elem("span").Class("seaway-late").Text(l.Words.Late),
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

// lacks is what a browser does not have, which a page does without.
type lacks struct {
	eventSource bool
	storage     bool // it keeps nothing over a reload
}

// status returns the text for a state.
func (w *Words) status(s source.State, browser lacks, now time.Time) string {
	switch s.Phase {
	case source.Live:
		switch {
		case browser.eventSource:
			return w.LivePolling
		case browser.storage:
			return w.LiveNoDrafts
		}
		return w.Live
	case source.Stale:
		return w.Stale
	case source.Waiting:
		// Rounded up: 0 is not shown while there is time to wait.
		return w.Waiting(max(1, int((s.Until.Sub(now)+time.Second-1)/time.Second)))
	case source.Offline:
		return w.Offline
	case source.Refused:
		return w.withReason(w.Refused, s.Reason)
	case source.Incompatible:
		return w.withReason(w.OutOfDate, s.Reason)
	case source.Closed:
		return w.withReason(w.Closed, s.Reason)
	}
	return w.Connecting
}
