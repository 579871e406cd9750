package page

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/sample/words"
)

// timeElement draws a time of day: in UTC on the server, which does not know the user's
// zone, and in the browser as its user is used to.
func timeElement(at time.Time, local bool, w *words.Frame) app.UI {
	title := at.UTC().Format(w.DateTime)
	if local {
		title = dateAndTime.local(at)
	}
	return timeOf(at, minutesOfDay, local).Class("at").Title(goapp.Attr(title))
}

// secondsElement draws a time of day to the second.
func secondsElement(at time.Time, local bool) app.UI { return timeOf(at, secondsOfDay, local) }

func timeOf(at time.Time, p precision, local bool) app.HTMLElem {
	return el("time").Attr("datetime", at.UTC().Format(time.RFC3339)).Text(p.text(at, local))
}

// A precision is which parts of a time are shown.
type precision uint8

const (
	minutesOfDay precision = iota
	secondsOfDay
	dateAndTime
	bareSeconds // as secondsOfDay, without the zone
)

// layouts are how the server writes a time.
var layouts = [...]string{minutesOfDay: "15:04", secondsOfDay: "15:04:05", dateAndTime: "2 January 2006, 15:04:05", bareSeconds: "15:04:05"}

// text formats a time for the user, or in UTC, and says so.
func (p precision) text(at time.Time, local bool) string {
	if local {
		return p.local(at)
	}
	zone := " UTC"
	if p == bareSeconds {
		zone = ""
	}
	return at.UTC().Format(layouts[p]) + zone
}
