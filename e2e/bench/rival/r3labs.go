package main

import (
	"net/http"
	"net/url"

	"github.com/r3labs/sse/v2"
)

// newR3labs uses r3labs/sse with its defaults, which keep and number every
// event. A room is what it calls a stream, made when its first reader comes.
func newR3labs() (http.Handler, publishFunc, error) {
	server := sse.New()
	server.AutoStream = true
	streams := func(w http.ResponseWriter, r *http.Request) {
		r.URL.RawQuery = url.Values{"stream": {roomOf(r)}}.Encode()
		server.ServeHTTP(w, r)
	}
	publish := func(room, _ string, data []byte) error {
		server.Publish(room, &sse.Event{Event: []byte("chat.posted"), Data: data})
		return nil
	}
	return http.HandlerFunc(streams), publish, nil
}
