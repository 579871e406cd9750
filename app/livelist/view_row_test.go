package livelist_test

import (
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/livelist"
)

// inHTML is a text as a browser's parser reads it.
func inHTML(s string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd").Replace(s)
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// A line is about what a message is drawn as: three texts, one of them a time.
type line struct{ draws *int }

func (l line) Draw(i item, now livelist.Moment) app.UI {
	*l.draws++
	return app.Article().Class("message").DataSet("id", i.key).Body(
		app.Span().Class("author").Title(i.key).Text(i.key),
		livelist.Time(l.Time(i), now),
		app.P().Class("text").Text(i.text),
	)
}

func (line) Time(i item) time.Time { return noon.Add(-time.Duration(i.rank) * time.Minute) }

func (line) Announcement(i item) string { return "from " + i.key + ": " + i.text }

// A hostileRow shows a text as text and as an attribute.
type hostileRow struct{}

func (hostileRow) Draw(i item, _ livelist.Moment) app.UI {
	return app.P().Class("text").Title(goapp.Attr(i.text)).Body(livelist.Text(i.text))
}

func (hostileRow) Announcement(i item) string { return i.text }
