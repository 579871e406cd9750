package browser

import (
	"syscall/js"
	"time"
)

// A TimeFormat formats times for the browser's user: in their zone, and as their language
// writes them.
type TimeFormat struct{ format js.Value }

// NewTimeFormat returns the browser's format (Intl.DateTimeFormat) with these options, as
// {"timeStyle": "medium"}. It panics if it has no such option.
func NewTimeFormat(options map[string]any) TimeFormat {
	return TimeFormat{js.Global().Get("Intl").Get("DateTimeFormat").New(js.Undefined(), options)}
}

// Format formats a time.
func (f TimeFormat) Format(at time.Time) string {
	return f.format.Call("format", float64(at.UnixMilli())).String()
}
