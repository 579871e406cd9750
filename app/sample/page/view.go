package page

import (
	"slices"
	"strings"

	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/board"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// A view is one kind of page.
type view string

// The views.
const (
	frontView     view = "front"
	messagesView  view = "messages"
	dashboardView view = "dashboard"
	inboxView     view = "inbox"
	compareView   view = "compare"
	boardView     view = "board"
	missingView   view = "missing"
)

const (
	frontPath = "/"
	roomPath  = "/room/"
	boardPath = "/board/"
)

// viewOf returns the view of a path.
func viewOf(path string) view {
	if !slices.Contains(paths(), path) {
		return missingView
	}
	switch path {
	case frontPath:
		return frontView
	case "/dashboard", "/inbox", "/compare":
		return view(path[1:])
	}
	if strings.HasPrefix(path, boardPath) {
		return boardView
	}
	return messagesView
}

// roomOf returns the room of a path: the first one for a page that is not a room's.
func roomOf(path string) string {
	if room, ok := strings.CutPrefix(path, roomPath); ok {
		return room
	}
	return chat.Rooms[0].Name
}

// pathOf returns the path of a room.
func pathOf(room string) string { return roomPath + room }

// paths returns the paths of all pages.
func paths() []string {
	all := []string{frontPath, "/dashboard", "/inbox", "/compare"}
	for _, r := range chat.Rooms {
		all = append(all, pathOf(r.Name))
	}
	for _, name := range board.Names {
		all = append(all, boardPath+name)
	}
	return all
}

// titleOf returns the title of the page at a path.
func titleOf(path string, w *words.Words) string {
	switch viewOf(path) {
	case frontView:
		return w.Frame.Live
	case dashboardView:
		return w.Frame.Dashboard
	case inboxView:
		return w.Frame.Inbox
	case compareView:
		return w.Frame.Compare
	case missingView:
		return w.Missing.Name
	case boardView:
		return words.Fill(w.Board.Title, strings.TrimPrefix(path, boardPath))
	}
	return "#" + roomOf(path)
}
