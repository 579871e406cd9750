package browser

import (
	"strings"
	"syscall/js"
	"time"
)

// A TimeFormat formats times for the browser's user: in their zone, and as the page's
// language writes them where they live, if the browser tells: as en-GB for a page in en.
type TimeFormat struct{ format js.Value }

// NewTimeFormat returns the browser's format (Intl.DateTimeFormat) with these options, as
// {"timeStyle": "medium"}. It panics if it has no such option.
func NewTimeFormat(options map[string]any) TimeFormat {
	return TimeFormat{js.Global().Get("Intl").Get("DateTimeFormat").New(locale(), options)}
}

// locale returns the first of the user's locales in the language of the page, or that.
func locale() string {
	page := js.Global().Get("document").Get("documentElement").Get("lang").String()
	language, _, _ := strings.Cut(page, "-")
	for all, i := js.Global().Get("navigator").Get("languages"), 0; i < all.Length(); i++ {
		if own := all.Index(i).String(); own == language || strings.HasPrefix(own, language+"-") {
			return own
		}
	}
	if page == "" {
		return "en"
	}
	return page
}

// Format formats a time.
func (f TimeFormat) Format(at time.Time) string {
	return f.format.Call("format", float64(at.UnixMilli())).String()
}
