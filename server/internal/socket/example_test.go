package socket_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/socket"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)

type (
	measure  struct{ Metres float64 }
	measured struct {
		ID event.ID `json:"id"`
	}
)

var (
	noted = event.Define[measure]("example.noted")
	note  = command.Define[measure, measured]("example.note")
)

// Events and commands on one connection. A page uses transport.WebSocket for
// this; the example uses a plain WebSocket.
func Example() {
	log := eventlog.NewMemory(eventlog.Retention{})
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	var feeding sync.WaitGroup
	defer feeding.Wait()
	defer stop()
	streams := sse.New(log, sse.Options{
		Authorize: func(*http.Request, []string) (identity string, err error) { return "everybody", nil },
	})
	feeding.Go(func() { streams.Run(ctx) })
	commands, err := command.NewMux(command.Options{
		Authorize: func(*http.Request, string) (identity string, err error) { return "everybody", nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	command.Handle(commands, note, func(ctx context.Context, m measure) (measured, error) {
		id, err := noted.Publish(ctx, log, "harbour", m, command.Once(ctx))
		return measured{id}, err
	})
	sockets, err := socket.NewHandler(streams, socket.Options{Commands: commands})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(sockets)
	defer func() {
		streams.Shutdown(ctx)
		server.Close()
	}()

	conn, _, err := websocket.Dial(ctx, server.URL+"/socket?topic=harbour", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.CloseNow()
	said := `{"id":1,"command":"example.note","key":"k1","body":{"Metres":0.4}}`
	if err := conn.Write(ctx, websocket.MessageText, []byte(said)); err != nil {
		fmt.Println(err)
		return
	}
	replied, received := false, false
	for !replied || !received { // in either order
		_, frames, err := conn.Read(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		replied = replied || strings.Contains(string(frames), "event: reply\n")
		received = received || strings.Contains(string(frames), `data: {"Metres":0.4}`)
	}
	fmt.Println("the command was answered, and the event has come")
	// Output: the command was answered, and the event has come
}
