package page

import (
	"strings"

	"github.com/seawaykit/seaway/shared/sample/chat"
)

// A view is one of the kinds of pages.
type view string

// The views.
const (
	messagesView  view = "messages"
	dashboardView view = "dashboard"
	inboxView     view = "inbox"
	compareView   view = "compare"
)

const roomPath = "/room/"

// viewOf returns the view of a path that [paths] has.
func viewOf(path string) view {
	switch path {
	case "/dashboard", "/inbox", "/compare":
		return view(path[1:])
	}
	return messagesView
}

// roomOf returns the room that a path shows: the front page's is the first.
func roomOf(path string) string {
	if room, ok := strings.CutPrefix(path, roomPath); ok {
		return room
	}
	return chat.Rooms[0].Name
}

// pathOf is where a room is shown.
func pathOf(room string) string {
	if room == chat.Rooms[0].Name {
		return "/"
	}
	return roomPath + room
}

// paths are all there are. They are exact: a pattern would bring the library of
// regular expressions into the page.
func paths() []string {
	all := []string{"/dashboard", "/inbox", "/compare"}
	for _, r := range chat.Rooms {
		all = append(all, pathOf(r.Name))
	}
	return all
}

// titleOf names the page, for its tab and its history.
func titleOf(path string) string {
	switch viewOf(path) {
	case dashboardView:
		return "Dashboard"
	case inboxView:
		return "Inbox"
	case compareView:
		return "Compare"
	}
	return "#" + roomOf(path)
}
