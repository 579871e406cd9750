package livelist

import (
	"cmp"
	"strconv"
)

// A Status says whether what a list shows is complete and current.
type Status uint8

// The statuses. Items are shown with each of them.
const (
	Ready   Status = iota // complete and current
	Loading               // older items are being added: they are not announced
	Stale                 // newer items may be missing
	Broken                // newer items are missing and will not come by themselves
)

// String returns the status as the CSS class that the view has.
func (s Status) String() string {
	return [...]string{"livelist-ready", "livelist-loading", "livelist-stale", "livelist-broken"}[min(s, Broken)]
}

// ViewOptions configure how [Show] draws a list. The zero value works.
type ViewOptions struct {
	ID    string // of the log element; none if empty
	Label string // accessible name of the log; "List" if empty
	Words *Words // what the view says by itself; default [English]

	Status     Status
	StatusText string // shown with a Status other than Ready; the view's own text if empty
	EmptyText  string // shown without items; "There is nothing here yet." if empty

	Older Older // whether there are older items: see Loader

	// One and Many are names of an item, singular and plural; "item" and "items" if
	// empty.
	One, Many string

	// Title is the document's title, which becomes "(3) Title" while 3 items are
	// unread or held back. If it is empty, the view does not change the document's
	// title.
	Title string

	// NoPauseButton leaves out the button that pauses the list. WCAG 2.2.2 asks for
	// one where something moves by itself for more than five seconds.
	NoPauseButton bool

	Clock Clock // PageClock if nil
}

func (o ViewOptions) words() *Words     { return cmp.Or(o.Words, &English) }
func (o ViewOptions) label() string     { return cmp.Or(o.Label, o.words().List) }
func (o ViewOptions) emptyText() string { return cmp.Or(o.EmptyText, o.words().Empty) }
func (o ViewOptions) one() string       { return cmp.Or(o.One, o.words().One) }
func (o ViewOptions) many() string      { return cmp.Or(o.Many, o.words().Many) }

func (o ViewOptions) clock() Clock {
	if o.Clock == nil {
		return PageClock
	}
	return o.Clock
}

func (o ViewOptions) statusText() string {
	if o.Status == Ready {
		return ""
	}
	w := o.words()
	own := [...]string{Loading: w.Loading, Stale: w.Stale, Broken: w.Broken}
	return cmp.Or(o.StatusText, own[min(o.Status, Broken)])
}

// number formats a count so that it fits on a button.
func number(n int) string {
	if n > 999 {
		return "999+"
	}
	return strconv.Itoa(n)
}
