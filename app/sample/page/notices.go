package page

import (
	"slices"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// notices are the user's inbox as the page shows it.
type notices struct {
	state   inbox.Inbox   // as the server has it, and what this page has asked for
	all     []inbox.Entry // the newest first; never changed, but replaced
	failure string        // why they could not be marked as read
}

// show replaces the notices by those of a state.
func (n *notices) show(state inbox.Inbox) {
	n.state, n.all = state, slices.Clone(state.Entries)
	slices.Reverse(n.all)
}

func (n *notices) unread() (count int) {
	for _, e := range n.all {
		if n.state.IsUnread(e) {
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
