package command

import (
	"context"

	"github.com/seawaykit/seaway/shared/browser"
)

// roundTrip makes one POST with the browser's fetch and reads the whole answer.
func roundTrip(ctx context.Context, url, key string, body []byte) (status int, reply []byte, err error) {
	resp, err := browser.Fetch(ctx, url, browser.Request{
		Method:  "POST",
		Headers: map[string]any{"Content-Type": "application/json", IdempotencyKeyHeader: key},
		Body:    string(body),
	})
	if err != nil {
		return 0, nil, err
	}
	defer resp.Close()
	text, err := resp.Text()
	return resp.Status(), []byte(text), err
}
