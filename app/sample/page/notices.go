package page

import (
	"slices"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// notices are the user's inbox as the page shows it.
type notices struct {
	state inbox.Inbox
	all   []inbox.Entry // the newest first; never changed, but replaced
	seen  event.ID      // up to where this page has asked to mark them as read
}

// show replaces the notices by those of a state.
func (n *notices) show(state inbox.Inbox) {
	n.state, n.all = state, slices.Clone(state.Entries)
	slices.Reverse(n.all)
}

// isUnread reports whether a notice is unread: by the server's read marker, and by
// what this page has asked for.
func (n *notices) isUnread(e inbox.Entry) bool {
	return n.state.IsUnread(e) && isAfter(e.Event, n.seen)
}

func (n *notices) unread() (count int) {
	for _, e := range n.all {
		if n.isUnread(e) {
			count++
		}
	}
	return count
}

// newest returns the id of the newest notice.
func (n *notices) newest() event.ID {
	if len(n.all) == 0 {
		return event.ID{}
	}
	return n.all[0].Event
}

// isAfter reports whether an event comes after a position. A position in a log
// that was replaced since is before every event of the new one.
func isAfter(id, place event.ID) bool {
	return id.Epoch() != place.Epoch() || id.Seq() > place.Seq()
}
