package page

import (
	"errors"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/sample/transports"
	"github.com/seawaykit/seaway/app/sample/words"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// outcome draws the results of an experiment, a line each, with space reserved for
// them. Its role makes screen readers announce them.
func outcome(id string, lines []string) app.UI {
	return el("ul").Class("outcome").ID(id).Role("status").Body(
		app.Range(lines).Slice(func(i int) app.UI { return el("li").Text(lines[i]) }),
	)
}

// dropOutcome describes how the transports have recovered from a drop.
func (c *comparePage) dropOutcome(f *transports.Figures) []string {
	d, w := &f.Drop, &c.Words.Compare
	switch {
	case d.Stage == transports.Running:
		return []string{w.Watching}
	case d.Failure != nil:
		return []string{words.Fill(w.Failed, failureText(c.Words, d.Failure))}
	case d.Cut == 0:
		return nil
	}
	return []string{
		words.Fill(w.Cut, words.Whole(d.Cut)),
		words.Fill(w.WithKit, kitOutcome(w, f)),
		words.Fill(w.WithBrowser, browserOutcome(w, &d.EventSource), browserOutcome(w, &d.WebSocket)),
	}
}

// kitOutcome says which transports are back. Polls may not have noticed the drop:
// no connection was open, or the browser has asked again by itself.
func kitOutcome(w *words.Compare, f *transports.Figures) string {
	var back, same []string
	for i, kind := range transports.Kinds {
		name, took := w.Names[i], f.Result(kind).Recovery
		switch {
		case took > 0:
			back = append(back, words.Fill(w.Back, name, transports.Seconds(took)))
		case kind == contract.Poll || kind == contract.LongPoll:
			same = append(same, strings.ToLower(name))
		default:
			back = append(back, words.Fill(w.NotBack, name))
		}
	}
	if len(same) > 0 {
		back = append(back, words.Fill(w.Unnoticed, strings.Join(same, w.And)))
	}
	return strings.Join(back, w.Comma)
}

// browserOutcome says what the browser has done by itself.
func browserOutcome(w *words.Compare, t *transports.StateHistory) string {
	switch {
	case t.Absent:
		return w.Absent
	case !t.WasCut():
		return w.NotCut
	case t.Returned():
		return words.Fill(w.BackIn, transports.Seconds(t.Recovery))
	}
	return w.ClosedForGood
}

// roundTripOutcome says how long the answers took.
func (c *comparePage) roundTripOutcome(f *transports.Figures) []string {
	t, w := &f.RoundTrip, &c.Words.Compare
	switch {
	case t.Stage == transports.Running:
		return []string{w.Asking}
	case t.Failure != nil:
		return []string{words.Fill(w.Failed, failureText(c.Words, t.Failure))}
	case t.Rounds == 0:
		return nil
	}
	return []string{
		words.Fill(w.Answered, transports.Millis(t.Socket), transports.Millis(t.Post)),
		words.Fill(w.Meanwhile, words.Whole(t.Received)),
	}
}

// failureText returns a text about an error of the comparison.
func failureText(w *words.Words, err error) string {
	switch {
	case errors.Is(err, transports.ErrPageLeft):
		return w.Compare.PageLeft
	case errors.Is(err, transports.ErrSocketNotOpen):
		return w.Compare.SocketNotOpen
	}
	return w.Language.Words.Message(err)
}
