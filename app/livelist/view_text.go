package livelist

import (
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Text draws a text from users, for rows. Server and browser draw the same
// document: line ends are normalized as HTML parsers do it, and NUL, which HTML
// cannot contain, becomes U+FFFD.
func Text(s string) app.UI { return app.Text(plain.Replace(s)) }

var plain = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd")

// Time draws a time as [Moment.Format] formats it, for rows.
func Time(at time.Time, now Moment) app.UI {
	return app.Elem("time").Class("livelist-time").Attr("datetime", at.UTC().Format(time.RFC3339)).Text(now.Format(at))
}
