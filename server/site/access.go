package site

import (
	"net/http"
	"strings"

	"github.com/seawaykit/seaway/shared/chat"
	"github.com/seawaykit/seaway/shared/compare"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/vitals"
)

// authorizeTopics lets everyone follow the rooms, the clock and what the
// comparison compares, and nobody anything else.
func authorizeTopics(_ *http.Request, topics []string) (identity string, err error) {
	for _, t := range topics {
		room, isRoom := strings.CutPrefix(t, chat.Topic(""))
		if t != vitals.Clock && t != compare.Topic && !(isRoom && validRoom(room)) {
			return "", &fault.Error{Code: fault.Forbidden, Message: "this topic is not public", Field: "topic"}
		}
	}
	return "", nil
}

// authorizeCommand lets everyone post, and compare.
func authorizeCommand(_ *http.Request, command string) (identity string, err error) {
	switch command {
	case postCommand.Name(), compare.CountLanes.Name(), compare.Drop.Name(), compare.Reply.Name():
	default:
		return "", fault.New(fault.Forbidden, "this command is not public")
	}
	return "", nil
}
