package livelist

import (
	"math"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// An Older says whether there are items before those of a list.
type Older uint8

// With each of them but the first, the view has a line about older items at the
// beginning of the list.
const (
	NoOlder      Older = iota // the list has no older items that could be loaded
	MoreOlder                 // there are some, or may be
	LoadingOlder              // they have been asked for
	FailedOlder               // they could not be loaded
	Beginning                 // there are none
)

// A Loader is a [Row] that can load older items, and adds them with [List.Prepend]. The
// view calls LoadOlder when the user comes within a screen of the beginning, or presses
// the button there, while [ViewOptions].Older is MoreOlder and the list is not paused;
// after FailedOlder only when the user asks for it. LoadOlder is called on go-app's
// goroutine, must not block it, and has Older be another before it returns.
//
// What the user sees stays where it is to the pixel when items are added: the log is
// scrolled from its end.
type Loader interface{ LoadOlder(ctx app.Context) }

// olderLine is the line at the beginning of the list. It announces its changes.
func (v *view[T]) olderLine() app.UI {
	text, button := v.Options.olderTexts()
	return app.Elem("div").Class("livelist-older").Role("status").Body(
		app.If(text != "", func() app.UI { return app.Elem("span").Text(text) }),
		app.If(button != "", func() app.UI {
			return app.Elem("button").Attr("type", "button").Text(button).OnClick(v.pressOlder)
		}),
	)
}

func (o ViewOptions) olderTexts() (text, button string) {
	w := o.words()
	switch o.Older {
	case MoreOlder:
		return "", w.LoadOlder(o.many())
	case LoadingOlder:
		return w.LoadingOlder(o.many()), ""
	case FailedOlder:
		return w.OlderFailed(o.many()), w.TryAgain
	case Beginning:
		return w.Beginning, ""
	}
	return "", ""
}

// pressOlder loads older items. The button disappears, and would take the focus with
// it, so the log gets the focus.
func (v *view[T]) pressOlder(ctx app.Context, _ app.Event) {
	if row, ok := v.Row.(Loader); ok && !v.List.Paused() {
		focus(v.reader.log)
		row.LoadOlder(ctx)
	}
}

// loadOlder loads older items if the user is near the beginning.
func (v *view[T]) loadOlder(ctx app.Context) {
	if v.reader == nil || !v.reader.near || v.Options.Older != MoreOlder || v.List.Paused() {
		return
	}
	if v.reader.near = isNear(v.reader.log); !v.reader.near {
		return
	}
	if row, ok := v.Row.(Loader); ok {
		row.LoadOlder(ctx)
	}
}

// isNear reports whether the user is within a screen of the beginning.
func isNear(log app.Value) bool {
	screen := log.Get("clientHeight").Float()
	return log.Get("scrollHeight").Float()-screen-math.Abs(log.Get("scrollTop").Float()) < screen
}
