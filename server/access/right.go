package access

import "net/http"

// An Action is what is done by a [Right].
type Action uint8

// The actions.
const (
	Follow Action = iota + 1 // a stream, poll or socket follows the topic
	Read                     // a page or a GET reads the state of the topic
	Change                   // a mutation changes the state of the topic
	Call                     // a command is called
)

// String returns the action's name.
func (a Action) String() string {
	switch a {
	case Follow:
		return "follow"
	case Read:
		return "read"
	case Change:
		return "change"
	case Call:
		return "call"
	}
	return "no action"
}

// A Right is what a user asks for, and a [Rule] decides about.
type Right struct {
	User   string // the identity; empty for a stranger
	Action Action
	Topic  string // empty for Call

	// Key is the state's key in its kind; in a rule of [ByTopic] or [ByCommand] it is
	// what the pattern's first star and all after it stand for. Otherwise it is empty.
	Key string

	Command string // of Change and Call
	Request any    // the decoded request of Change and Call, of the command's request type

	// HTTP is the request by which the client asks. That of a command on a WebSocket is
	// the one that has opened it; a page that is drawn for a stranger is asked for by a
	// request without headers. It must not be kept.
	HTTP *http.Request
}
