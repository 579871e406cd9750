package page

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/sample/transports"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// outcome draws the results of an experiment, a line each, with space reserved for
// them. Its role makes screen readers announce them.
func outcome(id string, lines []string) app.UI {
	return el("ul").Class("outcome").ID(id).Role("status").Body(
		app.Range(lines).Slice(func(i int) app.UI { return el("li").Text(lines[i]) }),
	)
}

// dropOutcome describes how the transports have recovered from a drop.
func dropOutcome(f *transports.Figures) []string {
	d := &f.Drop
	switch {
	case d.Stage == transports.Running:
		return []string{"Cut. Now watching who comes back."}
	case d.Failure != "":
		return []string{"It could not be done: " + d.Failure + "."}
	case d.Cut == 0:
		return nil
	}
	return []string{
		transports.Whole(d.Cut) + " connections cut.",
		"With the kit: " + kitOutcome(f) + ".",
		"Left to the browser: EventSource " + browserOutcome(&d.EventSource) + ", WebSocket " + browserOutcome(&d.WebSocket) + ".",
	}
}

// kitOutcome says which transports are back. Polls may not have noticed the drop:
// no connection was open, or the browser has asked again by itself.
func kitOutcome(f *transports.Figures) string {
	var back, same []string
	for _, kind := range transports.Kinds {
		name, took := transportNames[kind].name, f.Result(kind).Recovery
		switch {
		case took > 0:
			back = append(back, name+" back in "+transports.Seconds(took))
		case kind == contract.Poll || kind == contract.LongPoll:
			same = append(same, strings.ToLower(name))
		default:
			back = append(back, name+" not back yet")
		}
	}
	if len(same) > 0 {
		back = append(back, strings.Join(same, " and ")+" did not notice: nothing was open, or the browser asked again")
	}
	return strings.Join(back, ", ")
}

// browserOutcome says what the browser has done by itself.
func browserOutcome(t *transports.StateHistory) string {
	switch {
	case t.Absent:
		return "was not there"
	case !t.WasCut():
		return "not cut"
	case t.Returned():
		return "back in " + transports.Seconds(t.Recovery)
	}
	return "closed for good"
}

// roundTripOutcome says how long the answers took.
func roundTripOutcome(f *transports.Figures) []string {
	t := &f.RoundTrip
	switch {
	case t.Stage == transports.Running:
		return []string{"Asking."}
	case t.Failure != "":
		return []string{"It could not be done: " + t.Failure + "."}
	case t.Rounds == 0:
		return nil
	}
	return []string{
		"Answered on the WebSocket in " + transports.Millis(t.Socket) + ", by POST in " + transports.Millis(t.Post) + " (medians).",
		transports.Whole(t.Received) + " messages came down the same WebSocket meanwhile.",
	}
}
