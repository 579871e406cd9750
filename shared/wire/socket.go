package wire

import "encoding/json"

// What a page may say on a WebSocket. The stream that comes down on it is the
// same as everywhere: text messages of one or more whole frames.

// MaxMessage is the size of the largest message that a server takes from a
// page, in bytes: a command of 64 KiB, the most that a command handler takes by
// default, and what goes round it. A larger one ends the socket.
const MaxMessage = 65 << 10

// A Command is a text message from the page: it asks for what a POST to the
// command's own path would, and is answered by a [Reply].
type Command struct {
	ID      uint64          `json:"id"` // of the page's choice; the reply has the same
	Command string          `json:"command"`
	Key     string          `json:"key,omitempty"` // the idempotency key
	Body    json.RawMessage `json:"body"`
}

// A Reply is the data of a reply frame: what the POST would have been answered
// with. Replies come in any order.
type Reply struct {
	ID     uint64          `json:"id"`
	Status int             `json:"status"` // as in HTTP
	Body   json.RawMessage `json:"body,omitempty"`
}
