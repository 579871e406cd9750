package site

import (
	"net/http"
	"strings"

	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
	"github.com/seawaykit/seaway/shared/sample/transports"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

// authorizeTopics lets everyone follow what is public, and a guest what is the
// guest's own. Nobody follows anything else: other topics are between servers.
func authorizeTopics(r *http.Request, topics []string) (identity string, err error) {
	reader := visitorOf(r.Context()).guest
	for _, t := range topics {
		own := reader != "" && (t == inbox.Topic(reader) || t == inbox.MarkTopic(reader))
		if !own && !isPublic(t) {
			return "", &fault.Error{Code: fault.Forbidden, Message: "this topic is not public", Field: "topic"}
		}
	}
	return reader, nil
}

func isPublic(topic string) bool {
	switch topic {
	case vitals.Clock, vitals.Wall, guest.Here, transports.Topic:
		return true
	}
	room, isRoom := strings.CutPrefix(topic, chat.Topic(""))
	return isRoom && validRoom(room)
}

// authorizeCommand lets everyone post, ask who they are, and compare: there a
// page's token says who may do what. The rest is for guests.
func authorizeCommand(r *http.Request, command string) (identity string, err error) {
	caller := visitorOf(r.Context()).guest
	switch command {
	case chat.Post.Name(), guest.Whoami.Name(), transports.CountLanes.Name(), transports.Drop.Name(), transports.Reply.Name():
		return caller, nil
	}
	if caller == "" {
		return "", errStranger
	}
	return caller, nil
}
