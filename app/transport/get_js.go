package transport

import (
	"context"

	"github.com/seawaykit/seaway/shared/browser"
)

const canGet = true

// get makes one request by fetch. It says that it accepts a stream, which is
// how service workers know what to leave alone.
func get(ctx context.Context, url string) (a Answer, body string, err error) {
	resp, err := browser.Fetch(ctx, url, browser.Request{Headers: acceptStream, Cache: "no-store"})
	if err != nil {
		return Answer{}, "", err
	}
	defer resp.Close()
	if body, err = resp.Text(); err != nil {
		return Answer{}, "", err
	}
	return answered(resp), body, nil
}

var acceptStream = map[string]any{"Accept": "text/event-stream"}
