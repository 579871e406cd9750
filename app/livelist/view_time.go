package livelist

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Time draws a time as now tells it, for rows.
func Time(at time.Time, now Moment) app.UI {
	return app.Time().Class("livelist-time").DateTime(at.UTC().Format(time.RFC3339)).Text(now.Words(at))
}
