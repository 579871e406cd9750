package site

import (
	"net/http"
	"strings"

	"github.com/seawaykit/seaway/shared/chat"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/vitals"
)

// authorizeTopics lets everyone follow the rooms and the clock, and nobody
// anything else.
func authorizeTopics(_ *http.Request, topics []string) (identity string, err error) {
	for _, t := range topics {
		room, isRoom := strings.CutPrefix(t, chat.Topic(""))
		if t != vitals.Clock && !(isRoom && validRoom(room)) {
			return "", &fault.Error{Code: fault.Forbidden, Message: "this topic is not public", Field: "topic"}
		}
	}
	return "", nil
}

// authorizeCommand lets everyone post.
func authorizeCommand(_ *http.Request, command string) (identity string, err error) {
	if command != postCommand.Name() {
		return "", fault.New(fault.Forbidden, "this command is not public")
	}
	return "", nil
}
