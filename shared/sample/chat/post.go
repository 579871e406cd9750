package chat

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"strconv"
	"unicode/utf8"

	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/state"
)

// Post posts a message to a room. Posts do not conflict: each comes after what is there.
// The message's ID is [MessageID] of the caller, the call's idempotency key and the
// request, so that a page recognises its own messages when their events arrive. The
// message of a program without a cookie gets an ID that begins with "program-".
var Post = state.Mutate(Histories, "chat.post", post, state.Unordered())

// A PostRequest asks to post a message. The Author is for programs, and for guests who have no name yet.
type PostRequest struct {
	Room   string `json:"room"`
	Author string `json:"author"`
	Text   string `json:"text"`

	name string // the caller's, as the server knows it
}

// By returns the request of a caller with a name.
func (r PostRequest) By(name string) PostRequest {
	r.name = name
	return r
}

// StateKey implements [state.Keyed].
func (r PostRequest) StateKey() string { return r.Room }

// Check implements [state.Checked].
func (r PostRequest) Check() error {
	return cmp.Or(CheckRoom(r.Room), checkAuthor(r.author()), checkText(r.Text))
}

func checkAuthor(name string) error {
	if guest.IsBlank(name) {
		return fault.Field("author", "the author has no name")
	}
	return guest.CheckName("author", name)
}

// author returns the guest's own name, if there is one: no request may say another.
func (r PostRequest) author() string { return cmp.Or(r.name, r.Author) }

func checkText(text string) error {
	switch {
	case guest.IsBlank(text):
		return fault.Field("text", "the text is empty")
	case utf8.RuneCountInString(text) > MaxText:
		return fault.Field("text", "the text is longer than %d characters", MaxText)
	}
	return nil
}

// Message returns the message that a call posts.
func (r PostRequest) Message(c *state.Call) Message {
	m := Message{ID: MessageID(c.Identity, c.Key, r), Author: r.author(), Text: r.Text, At: c.At, By: c.Identity}
	if m.By == "" { // any client may send a program's key, which its message does not tell
		m.ID = "program-" + c.NewID() + "-" + r.digest()
	}
	return m
}

// A PostReply has the id of the event when the message is durable.
type PostReply struct {
	state.Stored
	message Message
}

// Message returns, on the server, the message as the room has it: after a retry it may
// have another text or, if it was removed, none.
func (r PostReply) Message() Message { return r.message }

// post posts nothing twice: a retry may come when the log has forgotten its key.
func post(c *state.Call, h History, r PostRequest) (PostReply, error) {
	m := r.Message(c)
	if line, known := h.Lines[m.ID]; known {
		return PostReply{state.Stored{ID: line.Posted}, line.Message}, nil
	}
	state.Emit(c, Posted, m)
	return PostReply{message: m}, nil
}

// MessageID returns the ID of a guest's message that was posted under a key. The
// guest is part of it, so a guest cannot overwrite another guest's message. The
// request is, too: when the server has forgotten a key, another request under it
// is another message, and does not replace the first.
func MessageID(by, key string, r PostRequest) string {
	return by + "-" + key + "-" + r.digest()
}

// digest is FNV-1a, as an event's tag is: it guards against accidents, and a
// caller who searches for a collision finds only the caller's own messages.
func (r PostRequest) digest() string {
	h := fnv.New64a()
	for _, part := range []string{r.Room, r.Author, r.Text} {
		fmt.Fprintf(h, "%d %s", len(part), part)
	}
	return strconv.FormatUint(h.Sum64(), 36)
}
