package main

import (
	"net/http"
	"sync"
)

// channelSize is how many events a reader may be behind. A reader that is
// further behind loses what comes: the usual choice where the other is to let
// one reader hold up all.
const channelSize = 256

// channels is what most tutorials arrive at: a map of channels behind a mutex,
// a goroutine for each reader, a flush for each event. The event is encoded
// once, which most of them do not do.
type channels struct {
	mu    sync.Mutex
	rooms map[string]map[chan []byte]struct{}
}

func newChannels() (http.Handler, publishFunc, error) {
	c := &channels{rooms: map[string]map[chan []byte]struct{}{}}
	return c, c.publish, nil
}

func (c *channels) publish(room, id string, data []byte) error {
	f := frame(id, data)
	c.mu.Lock()
	defer c.mu.Unlock()
	for ch := range c.rooms[room] {
		select {
		case ch <- f:
		default:
		}
	}
	return nil
}

func (c *channels) subscribe(room string) (ch chan []byte, leave func()) {
	ch = make(chan []byte, channelSize)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rooms[room] == nil {
		c.rooms[room] = map[chan []byte]struct{}{}
	}
	c.rooms[room][ch] = struct{}{}
	return ch, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.rooms[room], ch)
	}
}

func (c *channels) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ch, leave := c.subscribe(roomOf(r))
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream")
	rc := http.NewResponseController(w)
	if rc.Flush() != nil {
		return
	}
	for {
		select {
		case <-r.Context().Done():
			return
		case f := <-ch:
			if _, err := w.Write(f); err != nil || rc.Flush() != nil {
				return
			}
		}
	}
}
