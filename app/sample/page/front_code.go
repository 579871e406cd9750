package page

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/transport"
)

// An explanation is the line of Go that does what one sees. Package words has the sentence.
type explanation struct{ file, line string }

// explanations are of the front page. A test finds each line in its file.
var explanations = [...]explanation{
	{
		"server/sample/site/clock.go", "vitals.Ticked.Publish(ctx, c.log, vitals.ClockTopic, next, keep, once)",
	},
	{
		"app/sample/page/session.go", "live.On(s.page, vitals.Ticked, s.ticked)",
	},
	{
		"app/source/options.go", "q.Set(wire.AfterParam, after.String())",
	},
}

func (f *front) explanations() app.UI {
	return el("ol").Class("explanations").Body(app.Range(explanations[:]).Slice(func(i int) app.UI {
		e := explanations[i]
		return el("li").Body(
			el("p").Text(f.Words.Front.Explanations[i]),
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
