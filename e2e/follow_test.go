package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	gosse "github.com/tmaxmax/go-sse"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// overHTTP is a transport for a source outside of a browser: another maker's parser.
type overHTTP struct {
	server string
	mu     sync.Mutex
	asked  []string // the topics of each connection
}

func (o *overHTTP) Open(r transport.Request, emit func(...transport.Signal)) (release func(), err error) {
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, o.server+r.URL, nil)
	if err != nil {
		cancel()
		return nil, err
	}
	o.mu.Lock()
	o.asked = append(o.asked, fmt.Sprint(req.URL.Query()["topic"]))
	o.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			emit(transport.Signal{Kind: transport.ConnectionFailed})
			return
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			emit(transport.Signal{Kind: transport.ConnectionFailed, Err: &transport.AnswerError{Answer: transport.Answer{Status: resp.StatusCode}}})
			return
		}
		for e, err := range gosse.Read(resp.Body, nil) {
			if err != nil {
				break
			}
			if slices.Contains(r.Names, e.Type) {
				emit(transport.Arrived(transport.Frame{Name: e.Type, Data: e.Data, LastEventID: e.LastEventID})...)
			}
		}
		emit(transport.Signal{Kind: transport.ConnectionFailed, ReadyState: transport.ReadyConnecting})
	}()
	return func() {
		cancel()
		<-ended
	}, nil
}

// A source follows rooms of the real server one after the other, through its kill, and
// is refused what the server keeps to itself.
func TestSourceFollowsRoomsOneAfterTheOther(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.post("ann", "lobby 1")
	for i := range 3 {
		s.postTo("deck", "ann", fmt.Sprint("deck ", i))
	}
	over := &overHTTP{server: s.url}
	src := source.New(source.Options{
		Topics: []string{"room.lobby"}, Last: 2, Transport: over, Environment: &sourcetest.Environment{},
		Storage: &sourcetest.Storage{}, OriginStorage: &sourcetest.Storage{},
	})
	var mu sync.Mutex
	got := map[string][]string{}
	var refused []error
	source.On(src, chat.Posted, func(e event.Of[chat.Message]) {
		mu.Lock()
		defer mu.Unlock()
		room := chat.RoomOf(e.Topic)
		got[room] = append(got[room], e.Value.Text)
	})
	src.OnError(func(err error) {
		mu.Lock()
		defer mu.Unlock()
		refused = append(refused, err)
	})
	phases := map[source.Phase]int{}
	src.OnState(func(s source.State) {
		mu.Lock()
		defer mu.Unlock()
		phases[s.Phase]++
	})
	if err := src.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { src.Close(); <-src.Done() }()
	has := func(room string, want ...string) {
		t.Helper()
		until(t, fmt.Sprintf("room %s has %q", room, want), func() bool {
			mu.Lock()
			defer mu.Unlock()
			return slices.Equal(got[room], want)
		})
	}
	has("lobby", "lobby 1")
	for _, topic := range []string{"room.deck", "guest.names.all", "room.engine"} {
		if err := src.Follow(topic); err != nil {
			t.Fatal(err)
		}
	}
	has("deck", "deck 1", "deck 2")
	until(t, "the names of guests are refused", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(refused) == 1 && len(src.Topics()) == 3
	})
	if mu.Lock(); phases[source.Live] == 0 || phases[source.Waiting]+phases[source.Stale] > 0 {
		t.Errorf("the phases are %v", phases)
	}
	mu.Unlock()
	s.kill()
	s.start()
	s.postTo("deck", "ann", "deck 3")
	s.postTo("engine", "ann", "engine 1")
	s.post("ann", "lobby 2")
	has("deck", "deck 1", "deck 2", "deck 3")
	has("engine", "engine 1")
	has("lobby", "lobby 1", "lobby 2")
	if err := src.Unfollow("room.lobby"); err != nil {
		t.Fatal(err)
	}
	s.post("ann", "lobby 3")
	s.postTo("deck", "ann", "deck 4")
	has("deck", "deck 1", "deck 2", "deck 3", "deck 4")
	has("lobby", "lobby 1", "lobby 2")
}
