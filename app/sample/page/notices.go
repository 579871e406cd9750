package page

import (
	"slices"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// maxNotices is how many notices the page keeps. The log keeps the rest.
const maxNotices = 200

// notices are the reader's own inbox, as far as this page knows it.
type notices struct {
	all  []event.Of[inbox.Notice] // the newest first; never changed, but replaced
	mark event.ID                 // up to where they are read, as the server says
	seen event.ID                 // as this page has asked the server to note
}

// add takes a notice up, once: it may come from the stream and from the list of
// older ones.
func (n *notices) add(e event.Of[inbox.Notice]) {
	same := func(old event.Of[inbox.Notice]) bool { return old.Value.ID == e.Value.ID }
	if slices.ContainsFunc(n.all, same) {
		return
	}
	at := slices.IndexFunc(n.all, func(old event.Of[inbox.Notice]) bool { return beyond(e.ID, old.ID) })
	if at < 0 {
		at = len(n.all)
	}
	n.all = slices.Insert(slices.Clone(n.all), at, e)
	n.all = n.all[:min(len(n.all), maxNotices)]
}

// isUnread reports whether a notice is to be marked as new.
func (n *notices) isUnread(e event.Of[inbox.Notice]) bool {
	return beyond(e.ID, n.mark) && beyond(e.ID, n.seen)
}

func (n *notices) unread() (count int) {
	for _, e := range n.all {
		if n.isUnread(e) {
			count++
		}
	}
	return count
}

// newest returns up to where everything would be read.
func (n *notices) newest() event.ID {
	if len(n.all) == 0 {
		return event.ID{}
	}
	return n.all[0].ID
}

// beyond reports whether an event comes after a place in the log. A place in a
// log that was replaced since says nothing of the new one.
func beyond(id, place event.ID) bool {
	return id.Epoch() != place.Epoch() || id.Seq() > place.Seq()
}
