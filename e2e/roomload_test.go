package e2e_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// A roomLoad is some clients that post to the lobby, each one message after the
// other, and each message until it is acknowledged. They post what is granted.
type roomLoad struct {
	t      *testing.T
	grants chan struct{}

	mu      sync.Mutex
	granted int
	acked   []ackedPost
}

// An ackedPost is a message that was acknowledged.
type ackedPost struct {
	client       int
	text         string
	began, acked time.Time
}

const loadClients = 4

// startLoad starts clients, which go to the servers in turn.
func startLoad(t *testing.T, servers ...*server) *roomLoad {
	l := &roomLoad{t: t, grants: make(chan struct{}, 1000)}
	var all sync.WaitGroup
	for client := range loadClients {
		all.Go(func() { l.run(client, servers[client%len(servers)].url) })
	}
	t.Cleanup(func() { close(l.grants); all.Wait() })
	return l
}

func (l *roomLoad) run(client int, url string) {
	n := 0
	for range l.grants {
		p := ackedPost{client: client, text: fmt.Sprintf("client %d, message %d", client, n), began: time.Now()}
		req := chat.PostRequest{Room: "lobby", Author: "load", Text: p.text}
		if _, err := command.Call(l.t.Context(), chat.Post.Command(), req, command.To(url)); err != nil {
			if l.t.Context().Err() == nil {
				l.t.Errorf("%s: %v", p.text, err)
			}
			return
		}
		n++
		p.acked = time.Now()
		l.mu.Lock()
		l.acked = append(l.acked, p)
		l.mu.Unlock()
	}
}

// burst grants n more posts, calls fault when some of them are acknowledged, and
// returns when all are.
func (l *roomLoad) burst(n, some int, fault func()) {
	l.t.Helper()
	for range n {
		l.grants <- struct{}{}
	}
	l.mu.Lock()
	before := l.granted
	l.granted += n
	l.mu.Unlock()
	until(l.t, "some posts are acknowledged", func() bool { return l.count() >= before+some })
	fault()
	until(l.t, "all posts are acknowledged", func() bool { return l.count() >= before+n })
}

func (l *roomLoad) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acked)
}

// check compares the texts of a room with what was acknowledged: each is there once,
// those of a client in their order, and none before one that was acknowledged before it
// was sent.
func (l *roomLoad) check(where string, texts []string) {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	posts := map[string]ackedPost{}
	for _, p := range l.acked {
		posts[p.text] = p
	}
	if len(posts) != len(l.acked) || len(texts) != len(posts) {
		l.t.Errorf("%s has %d messages, and %d were acknowledged", where, len(texts), len(l.acked))
	}
	firstAck := time.Now() // of those that come later
	for _, text := range slices.Backward(texts) {
		p, ok := posts[text]
		delete(posts, text)
		switch {
		case !ok:
			l.t.Errorf("%s has %q once too often", where, text)
		case p.began.After(firstAck):
			l.t.Errorf("%s has %q before a message that was acknowledged before it was sent", where, text)
		case p.acked.Before(firstAck):
			firstAck = p.acked
		}
	}
	for text := range posts {
		l.t.Errorf("%s lacks %q", where, text)
	}
}
