package livelist

import (
	"sync"
	"time"

	"github.com/seawaykit/seaway/shared/browser"
)

// The formats are made when they are used first: each takes the browser a moment.
var formats = [...]func() browser.TimeFormat{
	timeOfDay:  formatOf(map[string]any{"hour": "numeric", "minute": "2-digit"}),
	dayAndTime: formatOf(map[string]any{"day": "numeric", "month": "short", "hour": "numeric", "minute": "2-digit"}),
	fullDate:   formatOf(map[string]any{"day": "numeric", "month": "short", "year": "numeric"}),
}

func formatOf(options map[string]any) func() browser.TimeFormat {
	return sync.OnceValue(func() browser.TimeFormat { return browser.NewTimeFormat(options) })
}

// format formats a time in the user's zone and language.
func (p precision) format(at time.Time) string { return formats[p]().Format(at) }
