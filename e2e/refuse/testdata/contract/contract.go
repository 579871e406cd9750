// Package contract is what both halves of a small program share.
package contract

import (
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)

type Message struct {
	Author string
	Text   string
}

type Other struct{ Text string }

var Posted = event.Define[Message]("refuse.posted")

type PostRequest struct{ Text string }

type PostReply struct{ ID event.ID }

var Post = command.Define[PostRequest, PostReply]("refuse.post")
