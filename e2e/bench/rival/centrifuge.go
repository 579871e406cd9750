package main

import (
	"context"
	"net/http"
	"sync"

	"github.com/centrifugal/centrifuge"
)

// newCentrifuge uses centrifuge's node with a unidirectional transport over
// Server-Sent Events. The library has none, only a bidirectional one; this is
// how its documentation has one written. Events have no SSE ids, so a stream
// cannot be resumed by Last-Event-ID.
func newCentrifuge() (http.Handler, publishFunc, error) {
	node, err := centrifuge.New(centrifuge.Config{})
	if err != nil {
		return nil, nil, err
	}
	node.OnConnecting(func(ctx context.Context, _ centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		return centrifuge.ConnectReply{
			Credentials:   &centrifuge.Credentials{},
			Subscriptions: map[string]centrifuge.SubscribeOptions{ctx.Value(roomKey{}).(string): {}},
		}, nil
	})
	if err := node.Run(); err != nil {
		return nil, nil, err
	}
	streams := func(w http.ResponseWriter, r *http.Request) { serveUnidirectional(node, w, r) }
	publish := func(room, _ string, data []byte) error {
		_, err := node.Publish(room, data)
		return err
	}
	return http.HandlerFunc(streams), publish, nil
}

// roomKey finds the room in a connection's context.
type roomKey struct{}

// serveUnidirectional runs one stream until either side ends it.
func serveUnidirectional(node *centrifuge.Node, w http.ResponseWriter, r *http.Request) {
	t := &transport{w: w, rc: http.NewResponseController(w), closed: make(chan struct{})}
	client, closeClient, err := centrifuge.NewClient(context.WithValue(r.Context(), roomKey{}, roomOf(r)), node, t)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	if t.rc.Flush() != nil {
		return
	}
	client.Connect(centrifuge.ConnectRequest{})
	select {
	case <-r.Context().Done():
	case <-t.closed:
	}
	// Writes stop first: the response is not the transport's once we return.
	t.stop()
	_ = closeClient() // the client has gone
}

// A transport writes what its client's own goroutine hands it, straight to the
// response: cheaper than handing it on to the request's goroutine.
type transport struct {
	mu      sync.Mutex
	w       http.ResponseWriter
	rc      *http.ResponseController
	stopped bool

	closed    chan struct{}
	closeOnce sync.Once
}

// Write implements [centrifuge.Transport].
func (t *transport) Write(message []byte) error { return t.WriteMany(message) }

// WriteMany implements [centrifuge.Transport].
func (t *transport) WriteMany(messages ...[]byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped {
		return nil
	}
	for _, m := range messages {
		f := make([]byte, 0, len(m)+len("data: \n\n"))
		f = append(append(append(f, "data: "...), m...), "\n\n"...)
		if _, err := t.w.Write(f); err != nil {
			return err
		}
	}
	return t.rc.Flush()
}

// Close implements [centrifuge.Transport].
func (t *transport) Close(centrifuge.Disconnect) error {
	t.closeOnce.Do(func() { close(t.closed) })
	return nil
}

func (t *transport) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = true
}

func (t *transport) Name() string                                { return "uni_sse" }
func (t *transport) AcceptProtocol() string                      { return "h1" }
func (t *transport) Protocol() centrifuge.ProtocolType           { return centrifuge.ProtocolTypeJSON }
func (t *transport) ProtocolVersion() centrifuge.ProtocolVersion { return centrifuge.ProtocolVersion2 }
func (t *transport) Unidirectional() bool                        { return true }
func (t *transport) Emulation() bool                             { return false }
func (t *transport) DisabledPushFlags() uint64                   { return 0 }
func (t *transport) PingPongConfig() centrifuge.PingPongConfig   { return centrifuge.PingPongConfig{} }
