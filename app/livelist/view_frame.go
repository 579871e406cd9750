package livelist

import (
	"cmp"
	"strconv"
)

// A Status is what a page knows about its list.
type Status uint8

// The statuses. Items are shown with each of them.
const (
	Ready   Status = iota // what is shown is what is known
	Loading               // what comes now was there before: nobody is told of it
	Stale                 // something may have changed that is not shown
	Broken                // and it will not come by itself
)

// String returns the status as the class that the view has meanwhile.
func (s Status) String() string {
	return [...]string{"livelist-ready", "livelist-loading", "livelist-stale", "livelist-broken"}[min(s, Broken)]
}

// A Frame is what is around the items. The zero Frame works.
type Frame struct {
	ID    string // of the log, if it is to have one
	Label string // the log's name for those who do not see it; "List" if empty

	Status Status
	Words  string // about a Status other than Ready, instead of the view's own
	Empty  string // instead of "There is nothing here yet."

	// One and Many are what an item is called, "item" and "items" if empty.
	One, Many string

	// Title is the document's, which becomes "(3) Title" while 3 items are
	// unread or held back. If it is empty, the view leaves the document's title
	// alone.
	Title string

	// Steady leaves out the button that pauses the list. WCAG 2.2.2 asks for one
	// where something moves by itself for more than five seconds.
	Steady bool

	Clock Clock // PageClock if nil
}

func (f Frame) label() string { return cmp.Or(f.Label, "List") }
func (f Frame) empty() string { return cmp.Or(f.Empty, "There is nothing here yet.") }
func (f Frame) one() string   { return cmp.Or(f.One, "item") }
func (f Frame) many() string  { return cmp.Or(f.Many, "items") }

func (f Frame) clock() Clock {
	if f.Clock == nil {
		return PageClock
	}
	return f.Clock
}

func (f Frame) words() string {
	if f.Status == Ready {
		return ""
	}
	own := [...]string{
		Loading: "Loading.",
		Stale:   "Not live at the moment: something newer may be missing.",
		Broken:  "This list cannot be kept up to date.",
	}
	return cmp.Or(f.Words, own[min(f.Status, Broken)])
}

// number writes a count that fits on a button.
func number(n int) string {
	if n > 999 {
		return "999+"
	}
	return strconv.Itoa(n)
}
