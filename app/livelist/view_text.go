package livelist

import (
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Text draws people's text, for rows. It is the same document pre-rendered and
// live: line ends are as HTML has them, and NUL, which it has not, is U+FFFD.
func Text(s string) app.UI { return app.Text(plain.Replace(s)) }

var plain = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd")

// Time draws a time as now tells it, for rows.
func Time(at time.Time, now Moment) app.UI {
	return app.Elem("time").Class("livelist-time").Attr("datetime", at.UTC().Format(time.RFC3339)).Text(now.Words(at))
}
