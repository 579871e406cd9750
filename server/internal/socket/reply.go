package socket

import (
	"encoding/json"
	"fmt"

	"github.com/seawaykit/seaway/shared/wire"
)

// reply sends a reply. If that fails the socket is at its end, and the page sends the
// command again on the next.
func (s *session) reply(r wire.Reply) { _ = s.Write(encodeReply(r)) }

// encodeReply returns the frame of a reply, whose body must be JSON, or empty. Encoded
// JSON has no line ends, so it fits into one data line.
func encodeReply(r wire.Reply) []byte {
	data, err := json.Marshal(r)
	if err != nil {
		panic("socket: " + err.Error()) // numbers and JSON do encode
	}
	return fmt.Appendf(nil, "event: %s\ndata: %s\n\n", wire.ReplyName, data)
}
