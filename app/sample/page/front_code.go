package page

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/transport"
)

// An explanation is a sentence about what one sees, with the line of Go that does it.
type explanation struct{ text, file, line string }

// explanations are of the front page. A test finds each line in its file.
var explanations = [...]explanation{
	{
		"Each second the server publishes the time, as a value of a Go type. It is stored once, for all readers.",
		"server/sample/site/clock.go", "vitals.Ticked.Publish(ctx, c.log, vitals.ClockTopic, next, keep, once)",
	},
	{
		"The EventSource brings it to the page, and a Go function of the same type adds it to the list.",
		"app/sample/page/session.go", "live.On(s.page, vitals.Ticked, s.ticked)",
	},
	{
		"After a cut the page asks for what came after its last event: nothing is missed, nothing comes twice.",
		"app/source/options.go", "q.Set(wire.AfterParam, after.String())",
	},
}

func (f *front) explanations() app.UI {
	return el("ol").Class("explanations").Body(app.Range(explanations[:]).Slice(func(i int) app.UI {
		e := explanations[i]
		return el("li").Body(
			el("p").Text(e.text),
			el("code").Text(e.line),
			el("span").Class("file").Text(e.file),
		)
	}))
}

// readyText returns a readyState with its name.
func readyText(r transport.ReadyState) string {
	names := [...]string{transport.ReadyConnecting: "CONNECTING", transport.ReadyOpen: "OPEN", transport.ReadyClosed: "CLOSED"}
	r = min(r, transport.ReadyClosed)
	return strconv.Itoa(int(r)) + " " + names[r]
}
