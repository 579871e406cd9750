package transport

import (
	"context"
	"syscall/js"

	"github.com/seawaykit/seaway/shared/browser"
)

// ask hangs up as soon as it knows: an answer that is a stream after all would
// never end.
func ask(ctx context.Context, url string) (Answer, error) {
	resp, err := browser.Fetch(ctx, url, browser.Request{Headers: acceptStream, Redirect: "manual", Cache: "no-store"})
	if err != nil {
		return Answer{}, err
	}
	defer resp.Close()
	a := answered(resp)
	if mediaType(a.Type) == "application/json" {
		a.Body = resp.Head(maxBody)
	}
	return a, nil
}

// answered returns what a response says, but for its body.
func answered(resp *browser.Response) Answer {
	return Answer{
		Status:     resp.Status(),
		Redirect:   resp.Redirects(),
		Type:       resp.Header("Content-Type"),
		RetryAfter: resp.Header("Retry-After"),
		Worker:     controlled(),
	}
}

// controlled reports whether a service worker answers the page's requests.
func controlled() bool {
	workers := js.Global().Get("navigator").Get("serviceWorker") // absent without TLS
	return workers.Truthy() && workers.Get("controller").Truthy()
}
