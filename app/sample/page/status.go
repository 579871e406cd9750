package page

import (
	"fmt"
	"math"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/source"
)

// statusLine says in words whether what the page shows is live.
type statusLine struct {
	app.Compo
	State source.State
	Mute  bool // the browser has no EventSource
	Now   time.Time
}

// Render draws the line. Its role makes screen readers announce a change.
func (l *statusLine) Render() app.UI {
	return el("div").Class("status", l.State.Phase.String()).Role("status").DataSet("transport", l.transport()).Body(
		el("span").ID("status").Text(l.words()),
		el("span").ID("ready-state").Class("ready-state").
			Title("EventSource.readyState").
			Text(readyStates[l.State.ReadyState]),
	)
}

var readyStates = map[source.ReadyState]string{
	source.ReadyConnecting: "readyState 0 CONNECTING",
	source.ReadyOpen:       "readyState 1 OPEN",
	source.ReadyClosed:     "readyState 2 CLOSED",
}

// transport names what brings the events, once something does: the server, which
// draws the line first, cannot know what the browser will choose.
func (l *statusLine) transport() string {
	if l.State.Phase == source.Connecting {
		return ""
	}
	return l.State.Transport
}

func (l *statusLine) words() string {
	switch l.State.Phase {
	case source.Live:
		return l.live()
	case source.Stale:
		return "not live: checking the connection"
	case source.Waiting:
		return fmt.Sprintf("reconnecting in %d s", l.seconds())
	case source.Offline:
		return "offline: waiting for a network"
	case source.Refused:
		return "refused: " + l.State.Reason.Text
	case source.Incompatible:
		return "out of date: " + l.State.Reason.Text
	case source.Closed:
		return "closed: " + l.State.Reason.Text
	default:
		return "connecting"
	}
}

func (l *statusLine) live() string {
	if l.Mute {
		return "live, by asking again and again: This browser has no EventSource."
	}
	return "live"
}

// seconds rounds up: nobody should read 0 and still wait.
func (l *statusLine) seconds() int {
	now := l.Now
	if now.IsZero() {
		now = time.Now()
	}
	return max(1, int(math.Ceil(l.State.Until.Sub(now).Seconds())))
}
