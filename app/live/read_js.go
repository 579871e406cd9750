package live

import (
	"context"

	"github.com/seawaykit/seaway/shared/browser"
)

// read makes a GET request of the page's own server.
func read(url string) (status int, body []byte, err error) {
	resp, err := browser.Fetch(context.Background(), url, browser.Request{Cache: "no-cache"})
	if err != nil {
		return 0, nil, err
	}
	defer resp.Close()
	text, err := resp.Text()
	return resp.Status(), []byte(text), err
}
