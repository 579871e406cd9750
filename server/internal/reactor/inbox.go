package reactor

import "sync"

// A kind is the type of a message.
type kind uint8

const (
	started kind = iota // its body is a context
	woken               // the source has something, or the connection has room
	posted              // its body is for the source
	gone                // the client has gone, or the connection is to be closed
)

// A message is for a connection's loop.
type message struct {
	conn *Conn
	body any
	kind kind
}

// An inbox holds the messages that wait for a loop. Senders do not wait: most of them
// hold a publisher's lock.
type inbox struct {
	mu       sync.Mutex
	messages []message
	signal   chan struct{} // has an entry when there may be messages
}

func (b *inbox) put(m message) {
	b.mu.Lock()
	b.messages = append(b.messages, m)
	first := len(b.messages) == 1
	b.mu.Unlock()
	if !first {
		return
	}
	select {
	case b.signal <- struct{}{}:
	default:
	}
}

// take returns all messages. The slice empty is reused for the next ones.
func (b *inbox) take(empty []message) []message {
	b.mu.Lock()
	defer b.mu.Unlock()
	messages := b.messages
	b.messages = empty[:0]
	return messages
}
