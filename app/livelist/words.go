package livelist

import "strconv"

// Words are the texts that a view shows by itself, in one language. To have them in
// another language fill all fields.
type Words struct {
	List, Empty            string // the log's name, and what it shows without items
	Loading, Stale, Broken string // for a [Status]

	Pause, Resume string
	Held          func(n string) string // follows Pause or Resume: new items that are held back
	Newest        string                // the button that leads to the end of the list
	Unread        func(n string) string // the same button when there are new items
	Divider       string                // between what has been read and what is new

	Sending, Sent  string // of pending items
	Retry, Discard string // of those that have failed

	LoadOlder, LoadingOlder, OlderFailed func(items string) string // items is ViewOptions.Many
	TryAgain, Beginning                  string

	// One and Many are the names of an item.
	One, Many string
	// Announce returns the sentence that tells users of screen readers of n new items,
	// with words of the last one, if it has any.
	Announce func(n int, one, many, words string) string

	// Times: see [Moment.Format].
	Now, UTC string
	Minutes  func(n int) string // ago
}

// English are the words of a view whose ViewOptions have no others.
var English = Words{
	List: "List", Empty: "There is nothing here yet.",
	Loading: "Loading.", Stale: "Not live at the moment: something newer may be missing.", Broken: "This list cannot be kept up to date.",
	Pause: "Pause", Resume: "Resume", Held: func(n string) string { return " (" + n + " new)" },
	Newest: "Newest", Unread: func(n string) string { return n + " new" }, Divider: "New",
	Sending: "Sending", Sent: "Sent", Retry: "Retry", Discard: "Discard",
	LoadOlder:    func(items string) string { return "Load older " + items },
	LoadingOlder: func(items string) string { return "Loading older " + items },
	OlderFailed:  func(items string) string { return "Older " + items + " could not be loaded." },
	TryAgain:     "Try again", Beginning: "This is the beginning.",
	One: "item", Many: "items", Announce: announceInEnglish,
	Now: "now", UTC: " UTC", Minutes: func(n int) string { return strconv.Itoa(n) + " min" },
}

func announceInEnglish(n int, one, many, words string) string {
	s, last := strconv.Itoa(n)+" new "+many, ", the last "
	if n == 1 {
		s, last = "1 new "+one, ", "
	}
	if words == "" {
		return s
	}
	return s + last + words
}
