package page

import (
	"sync"
	"time"

	"github.com/seawaykit/seaway/shared/browser"
)

var formats = [...]func() browser.TimeFormat{
	minutesOfDay: formatOf(map[string]any{"timeStyle": "short"}),
	secondsOfDay: formatOf(map[string]any{"timeStyle": "medium"}),
	bareSeconds:  formatOf(map[string]any{"timeStyle": "medium"}),
	dateAndTime:  formatOf(map[string]any{"dateStyle": "long", "timeStyle": "long"}),
}

func formatOf(options map[string]any) func() browser.TimeFormat {
	return sync.OnceValue(func() browser.TimeFormat { return browser.NewTimeFormat(options) })
}

// local formats a time in the user's zone and language.
func (p precision) local(at time.Time) string { return formats[p]().Format(at) }
