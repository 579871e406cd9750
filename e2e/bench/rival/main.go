// Command rival is one of several small servers that do what bin/seaway does
// for a reader of streams, each on another library, so that one client can load
// them all.
//
// Each answers two requests: GET /events?topic=room.x streams the events of a
// room, and POST /commands/chat.post publishes one, from the body and with the
// reply that Seaway's sample has. None of them keeps events on a disk.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A rival is a way to serve streams. It returns the handler of the streams and
// a function that publishes data to a room under an id.
type rival func() (streams http.Handler, publish publishFunc, err error)

// A publishFunc returns when the event is in the library's hands.
type publishFunc func(room, id string, data []byte) error

// rivals lists the servers, without the floor, which is no HTTP server.
var rivals = map[string]rival{
	"nethttp":    newChannels,
	"gosse":      newGoSSE,
	"r3labs":     newR3labs,
	"centrifuge": newCentrifuge,
}

func main() {
	name := flag.String("server", "", "which `server` to be: floor, "+strings.Join(slices.Sorted(maps.Keys(rivals)), ", "))
	addr := flag.String("addr", "127.0.0.1:0", "`address` to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *name, *addr); err != nil {
		fmt.Fprintln(os.Stderr, "rival:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends. Streams are cut then: nobody measures a goodbye.
func run(ctx context.Context, name, addr string) error {
	if name == "floor" {
		return runFloor(ctx, addr)
	}
	rival, ok := rivals[name]
	if !ok {
		return fmt.Errorf("there is no server %q", name)
	}
	streams, publish, err := rival()
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /events", streams)
	mux.Handle("POST /commands/chat.post", poster(publish))
	server := &http.Server{Addr: addr, Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// poster answers posts as Seaway's sample does.
func poster(publish publishFunc) http.HandlerFunc {
	var encode encoder
	return func(w http.ResponseWriter, r *http.Request) {
		room, id, data, err := encode.event(http.MaxBytesReader(w, r.Body, 64<<10))
		if err == nil {
			err = publish(room, id, data)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		// A publisher that has gone needs no answer.
		_ = json.NewEncoder(w).Encode(map[string]string{"id": id})
	}
}

// roomOf returns the room that a request for a stream names.
func roomOf(r *http.Request) string {
	return strings.TrimPrefix(r.URL.Query().Get("topic"), "room.")
}
