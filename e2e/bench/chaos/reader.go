package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// A reader follows rooms over all its connections, as an EventSource does.
type reader struct {
	name    string
	url     string // of the server
	rooms   []string
	client  *http.Client
	chance  *rand.Rand // nil for a reader that keeps its connection and never rests
	checker *checker

	mu       sync.Mutex
	first    string // the id of its first hello
	position string // the id of the last frame that had one
	history  []post
	ended    map[string]bool // the rooms whose last post has come
	counts   readerCounts

	done chan struct{} // closed when the last post of every room has come
}

// readerCounts are what has happened to a reader.
type readerCounts struct{ connections, faults, resets, cuts, rests int }

func newReader(name, server string, rooms []string, chance *rand.Rand, c *checker) *reader {
	return &reader{
		name: name, url: server, rooms: rooms, chance: chance, checker: c,
		client: &http.Client{Transport: &http.Transport{}},
		ended:  map[string]bool{}, done: make(chan struct{}),
	}
}

// read reads until ctx ends or everything has come.
func (r *reader) read(ctx context.Context) {
	defer r.client.CloseIdleConnections()
	for {
		r.connect(ctx)
		pause := 50 * time.Millisecond
		if r.chance != nil {
			pause += upTo(r.chance, 450*time.Millisecond)
		}
		select {
		case <-time.After(pause):
		case <-r.done:
			return
		case <-ctx.Done():
			return
		}
	}
}

// connect reads one connection to its end. One in three is cut by the reader
// itself.
func (r *reader) connect(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if r.chance != nil && r.chance.IntN(3) == 0 {
		cut := time.AfterFunc(upTo(r.chance, 10*time.Second), func() {
			cancel()
			r.count(func(c *readerCounts) { c.cuts++ })
		})
		defer cut.Stop()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/events?"+r.query(), nil)
	if err != nil {
		r.checker.violate("%s: %v", r.name, err)
		return
	}
	if r.position != "" {
		req.Header.Set("Last-Event-ID", r.position)
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return // there is no server now
	}
	defer resp.Body.Close()
	r.count(func(c *readerCounts) { c.connections++ })
	if resp.StatusCode != http.StatusOK {
		r.checker.violate("%s: the stream was answered with %s", r.name, resp.Status)
		return
	}
	r.follow(ctx, resp.Body)
}

func (r *reader) query() string {
	query := url.Values{}
	for _, room := range r.rooms {
		query.Add("topic", "room."+room)
	}
	return query.Encode()
}

// follow takes frames until the stream ends.
func (r *reader) follow(ctx context.Context, body io.Reader) {
	frames := newFrames(body)
	for {
		f, err := frames.next()
		if err != nil {
			return
		}
		r.take(f)
		select {
		case <-r.done:
			return
		default:
		}
		if r.chance != nil && r.chance.IntN(2000) == 0 {
			r.count(func(c *readerCounts) { c.rests++ })
			select {
			case <-time.After(upTo(r.chance, 5*time.Second)):
			case <-ctx.Done():
			}
		}
	}
}

// take notes one frame.
func (r *reader) take(f frame) {
	resuming := r.position != ""
	if f.id != "" {
		r.mu.Lock()
		r.position = f.id
		if r.first == "" {
			r.first = f.id
		}
		r.mu.Unlock()
	}
	switch f.name {
	case "hello":
		r.hello(f, resuming)
	case "reset":
		r.count(func(c *readerCounts) { c.resets++ })
		r.checker.violate("%s was reset: %.200s", r.name, f.data)
	case "fault":
		r.fault(f)
	case "chat.posted":
		r.posted(f)
	}
}

// hello checks how the stream begins.
func (r *reader) hello(f frame, resuming bool) {
	var hello struct{ Mode string }
	if err := json.Unmarshal([]byte(f.data), &hello); err != nil {
		r.checker.violate("%s: hello: %v: %.200s", r.name, err, f.data)
		return
	}
	if resuming && hello.Mode == "live" {
		r.checker.violate("%s sent a position and was answered as if it had none: %.200s", r.name, f.data)
	}
}

// fault counts a refusal. One that says that no retry helps is a violation.
func (r *reader) fault(f frame) {
	r.count(func(c *readerCounts) { c.faults++ })
	var fault struct{ Retry bool }
	if err := json.Unmarshal([]byte(f.data), &fault); err != nil || !fault.Retry {
		r.checker.violate("%s: fault: %.200s", r.name, f.data)
	}
}

// lastText begins what the last post of each room says. It is a key as well, and so without spaces.
const lastText = "last-of-"

func (r *reader) posted(f frame) {
	var message struct{ Text string }
	room := strings.TrimPrefix(f.topic, "room.")
	if err := json.Unmarshal([]byte(f.data), &message); err != nil {
		r.checker.violate("%s: post %s: %v: %.200s", r.name, f.id, err, f.data)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.history = append(r.history, post{f.id, room, message.Text})
	if message.Text != lastText+room || r.ended[room] {
		return
	}
	r.ended[room] = true
	if len(r.ended) == len(r.rooms) {
		close(r.done)
	}
}

func (r *reader) count(change func(*readerCounts)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.counts)
}

// begun reports whether the reader has said hello.
func (r *reader) begun() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.first != ""
}

// at returns the reader's position.
func (r *reader) at() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.position
}

// received returns the history and the counts.
func (r *reader) received() ([]post, readerCounts) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.history), r.counts
}

// String says who it is.
func (r *reader) String() string { return fmt.Sprintf("%s of %q", r.name, r.rooms) }
