package faults_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	r3labs "github.com/r3labs/sse/v2"
	gosse "github.com/tmaxmax/go-sse"

	"github.com/seawaykit/seaway/e2e/faults/program"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// A reader notes what a client of another make is given.
type reader struct {
	mu    sync.Mutex
	texts []string
	names map[string]int
}

func (r *reader) take(name, data string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names == nil {
		r.names = map[string]int{}
	}
	r.names[name]++
	var m chat.Message
	if name == chat.Posted.Name() && json.Unmarshal([]byte(data), &m) == nil {
		r.texts = append(r.texts, m.Text)
	}
}

func (r *reader) count(name string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.names[name]
}

func (r *reader) got() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.texts)
}

// followers begin to follow a stream, each with a client's defaults, until ctx
// ends.
var followers = map[string]func(ctx context.Context, t *testing.T, url string, r *reader){
	"eventsource":        node("eventsource"),
	"fetch-event-source": node("fetch-event-source"),
	"r3labs/sse": func(ctx context.Context, _ *testing.T, url string, r *reader) {
		client := r3labs.NewClient(url)
		go func() { // which is not waited for: it tries again for minutes after ctx has ended
			// It returns after a proper end; a caller that wants to go on calls it
			// again.
			for ctx.Err() == nil {
				_ = client.SubscribeRawWithContext(ctx, func(m *r3labs.Event) { r.take(string(m.Event), string(m.Data)) })
				r.take("END", "")
			}
		}()
		<-ctx.Done()
	},
	"tmaxmax/go-sse": func(ctx context.Context, t *testing.T, url string, r *reader) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			t.Error(err)
			return
		}
		conn := gosse.NewConnection(req)
		conn.SubscribeToAll(func(e gosse.Event) { r.take(e.Type, e.Data) })
		if err := conn.Connect(); ctx.Err() == nil {
			t.Errorf("go-sse has given up: %v", err)
		}
	},
}

// node runs a client of npm.
func node(client string) func(context.Context, *testing.T, string, *reader) {
	return func(ctx context.Context, t *testing.T, url string, r *reader) {
		cmd := exec.CommandContext(ctx, "node", "follow.mjs", client, url)
		cmd.Dir = "clients"
		stdin, err := cmd.StdinPipe()
		if err != nil {
			t.Error(err)
			return
		}
		defer stdin.Close()
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Errorf("%s: %v (e2e/faults/install.sh)", client, err)
			return
		}
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var e struct{ Name, Data string }
			if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
				t.Errorf("%s: %s", client, lines.Text())
			}
			r.take(e.Name, e.Data)
		}
		if err := cmd.Wait(); ctx.Err() == nil {
			t.Errorf("%s has ended: %v", client, err)
		}
	}
}

// Clients of other makes, with their defaults, come back after each crash: what
// was cut does not look complete to them. So do those that take a proper end for
// the last after a shutdown, if they are called again.
func TestForeignClientsGetEachPostOnceThroughKillsAndAShutdown(t *testing.T) {
	t.Parallel()
	const posts, kills = 600, 3
	p := program.Start(t)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	readers := map[string]*reader{}
	for name, follow := range followers {
		r := &reader{}
		readers[name] = r
		running.Go(func() { follow(ctx, t, p.URL+"/events?topic="+chat.Topic("lobby"), r) })
		program.Until(t, time.Minute, name+" has its hello", func() bool { return r.count("hello") == 1 })
	}

	var posted atomic.Int64
	failed := make(chan error, 1)
	go func() { failed <- post(ctx, p.URL, posts, &posted) }()
	for i := range kills {
		program.Until(t, time.Minute, "there are more posts", func() bool { return posted.Load() > int64(posts*(i+1)/(kills+2)) })
		p.Kill()
		p.Start()
		for name, r := range readers {
			program.Until(t, 2*time.Minute, fmt.Sprintf("%s is back after kill %d", name, i+1), func() bool { return r.count("hello") == i+2 })
		}
	}
	program.Until(t, time.Minute, "there are more posts", func() bool { return posted.Load() > posts*(kills+1)/(kills+2) })
	if status, _ := p.Terminate(); status != 0 {
		t.Errorf("SIGTERM: exit status %d", status)
	}
	p.Start()
	if err := <-failed; err != nil {
		t.Fatal(err)
	}
	for name, r := range readers {
		var got []string
		program.Until(t, 2*time.Minute, name+" has the last post", func() bool {
			got = r.got()
			return slices.Contains(got, strconv.Itoa(posts-1))
		})
		want := make([]string, posts)
		for i := range want {
			want[i] = strconv.Itoa(i)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s was given %d posts, %d of them once and in order: %v", name, len(got), matching(got, want), r.names)
		}
		if resets := r.count("reset"); resets > 0 {
			t.Errorf("%s was reset %d times", name, resets)
		}
		if ends := r.count("END"); ends > 1 {
			t.Errorf("%s saw %d proper ends, and there was one: %v", name, ends, r.names)
		}
	}
}

// post posts the numbers in order, each until it is acknowledged.
func post(ctx context.Context, url string, posts int, posted *atomic.Int64) error {
	for i := range posts {
		req := chat.PostRequest{Room: "lobby", Author: "ann", Text: strconv.Itoa(i)}
		if _, err := command.Call(ctx, chat.Post.Command(), req, command.To(url)); err != nil {
			return fmt.Errorf("post %d: %w", i, err)
		}
		posted.Add(1)
	}
	return nil
}

// matching returns how long got goes as wanted.
func matching(got, want []string) int {
	for i := range got {
		if i == len(want) || got[i] != want[i] {
			return i
		}
	}
	return len(got)
}
