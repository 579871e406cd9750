package sse

import "sync"

// A happening tells a writer what has happened to one of its streams.
type happening uint8

const (
	joined  happening = iota // it is new
	woken                    // its cursor has something to take, or its connection has room
	fetched                  // a page of the log has come
	leaving                  // it is to say bye
	gone                     // its client has gone, or it is cut
)

// A note is one happening.
type note struct {
	stream *stream
	page   *page // fetched
	what   happening
}

// An inbox holds the notes that wait for a writer. Whoever puts one in does not
// wait for the writer: most come from the hub, under its lock.
type inbox struct {
	mu    sync.Mutex
	notes []note
	bell  chan struct{} // has an entry when there may be notes
}

func (b *inbox) put(n note) {
	b.mu.Lock()
	b.notes = append(b.notes, n)
	first := len(b.notes) == 1
	b.mu.Unlock()
	if first {
		ring(b.bell)
	}
}

// take returns all notes. The slice that it is given holds the next ones.
func (b *inbox) take(empty []note) []note {
	b.mu.Lock()
	defer b.mu.Unlock()
	notes := b.notes
	b.notes = empty[:0]
	return notes
}
