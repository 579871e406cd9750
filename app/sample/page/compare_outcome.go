package page

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/sample/transports"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// outcome says what an experiment has shown, a line for each thing. There is room
// for it before it is there. Its role has screen readers tell it.
func outcome(id string, lines []string) app.UI {
	return el("ul").Class("outcome").ID(id).Role("status").Body(
		app.Range(lines).Slice(func(i int) app.UI { return el("li").Text(lines[i]) }),
	)
}

// dropped says what has become of the lanes.
func dropped(f *transports.Figures) []string {
	d := &f.Drop
	switch {
	case d.Stage == transports.Trying:
		return []string{"Cut. Now watching who comes back."}
	case d.Failure != "":
		return []string{"It could not be done: " + d.Failure + "."}
	case d.Cut == 0:
		return nil
	}
	return []string{
		transports.Whole(d.Cut) + " connections cut.",
		"With the kit: " + withKit(f) + ".",
		"Left to the browser: EventSource " + alone(&d.EventSource) + ", WebSocket " + alone(&d.WebSocket) + ".",
	}
}

// withKit says which lanes came back. Polls may not have noticed: there was none
// to lose, or the browser has asked again by itself.
func withKit(f *transports.Figures) string {
	var back, same []string
	for _, kind := range transports.Kinds {
		name, took := laneNames[kind].name, f.Lane(kind).Back
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
		back = append(back, strings.Join(same, " and ")+" none the wiser: nothing was open, or the browser asked again")
	}
	return strings.Join(back, ", ")
}

// alone says what the browser has done by itself.
func alone(t *transports.Trail) string {
	switch {
	case t.Absent:
		return "was not there"
	case !t.WasCut():
		return "not cut"
	case t.Returned():
		return "back in " + transports.Seconds(t.Back)
	}
	return "closed for good"
}

// talked says how quick the answers were.
func talked(f *transports.Figures) []string {
	t := &f.Talk
	switch {
	case t.Stage == transports.Trying:
		return []string{"Asking."}
	case t.Failure != "":
		return []string{"It could not be done: " + t.Failure + "."}
	case t.Rounds == 0:
		return nil
	}
	return []string{
		"Answered on the WebSocket in " + transports.Millis(t.Socket) + ", by POST in " + transports.Millis(t.Post) + " (medians).",
		transports.Whole(t.Heard) + " messages came down the same WebSocket meanwhile.",
	}
}
