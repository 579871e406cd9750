package main

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"strconv"
	"sync/atomic"
	"time"
)

// A message has the fields of Seaway's chat.Message, so that all servers send
// the same bytes.
type message struct {
	ID     string    `json:"id"`
	Author string    `json:"author"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
}

// An encoder makes events of posts and numbers them. Numbers begin at 0, since
// r3labs gives its own and gives those.
type encoder struct{ count atomic.Uint64 }

// event reads a post's body.
func (e *encoder) event(body io.Reader) (room, id string, data []byte, err error) {
	var req struct{ Room, Author, Text string }
	if err := json.NewDecoder(body).Decode(&req); err != nil {
		return "", "", nil, err
	}
	data, err = json.Marshal(message{
		ID: rand.Text(), Author: req.Author, Text: req.Text,
		At: time.Now().UTC().Truncate(time.Millisecond),
	})
	return req.Room, strconv.FormatUint(e.count.Add(1)-1, 10), data, err
}

// frame encodes an event as the servers do that leave it to their users.
func frame(id string, data []byte) []byte {
	f := make([]byte, 0, len(id)+len(data)+32)
	f = append(append(append(f, "id: "...), id...), "\nevent: chat.posted\ndata: "...)
	return append(append(f, data...), "\n\n"...)
}
