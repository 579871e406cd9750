package wire

import "encoding/json"

// The messages of a page on a WebSocket. The stream that the server sends on it is
// the same as over HTTP: text messages of one or more whole frames.

// MaxMessage is the size of the largest message that a server accepts from a page,
// in bytes: a command of 64 KiB, the most that a command handler accepts by
// default, and what surrounds it. A larger message ends the socket.
const MaxMessage = 65 << 10

// A Command is a text message from the page that calls a command, as a POST to the
// command's path would. The server answers with a [Reply].
type Command struct {
	ID      uint64          `json:"id"` // chosen by the page; the reply has the same
	Command string          `json:"command"`
	Key     string          `json:"key,omitempty"` // the idempotency key
	Body    json.RawMessage `json:"body"`
}

// A Reply is the data of a reply frame: status and body of the POST's answer.
// Replies come in any order.
type Reply struct {
	ID     uint64          `json:"id"`
	Status int             `json:"status"` // as in HTTP
	Body   json.RawMessage `json:"body,omitempty"`
}
