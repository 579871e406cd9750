package transport

import "context"

// A Probe asks a stream's URL once more, or a WebSocket's, for what neither an
// EventSource nor a WebSocket reports: the status and the words of an answer that is
// not a stream. It returns when it knows, or soon after ctx is done, and leaves no
// answer open. The URL has the position in it and may be relative to the page.
type Probe func(ctx context.Context, url string) (Answer, error)

// Ask is the browser's [Probe]: one request by fetch.
func Ask(ctx context.Context, url string) (Answer, error) { return ask(ctx, url) }
