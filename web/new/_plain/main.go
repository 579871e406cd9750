// Command server stores lines in a log on disk, ./data, and streams them to every page.
package main

import (
	"context"
	_ "embed"
	"flag"
	"log"
	"net/http"

	"github.com/seawaykit/seaway/server/eventlog/embedded"
	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
)

type line struct{ Text string }

var said = event.Define[line]("said") // an event type: its name, and the type of its data

//go:embed index.html
var page []byte

func main() {
	addr := flag.String("addr", "localhost:8000", "`address` to listen on")
	flag.Parse()
	events, err := embedded.Open(context.Background(), embedded.Options{Dir: "data"})
	if err != nil {
		log.Fatal(err)
	}
	streams := sse.New(events, sse.Options{Authorize: func(*http.Request, []string) (string, error) { return "", nil }})
	go streams.Run(context.Background())
	http.Handle("GET /events", streams)
	http.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { w.Write(page) })
	http.HandleFunc("POST /say", func(w http.ResponseWriter, r *http.Request) {
		if _, err := said.Publish(r.Context(), events, "room", line{r.FormValue("text")}); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	})
	said.Publish(context.Background(), events, "room", line{"The server has started."})
	log.Print("http://", *addr)
	server := httpd.New(http.NewCrossOriginProtection().Handler(http.DefaultServeMux), httpd.Options{})
	server.Addr = *addr
	log.Fatal(server.ListenAndServe())
}
