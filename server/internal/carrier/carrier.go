// Package carrier defines how another transport, such as a WebSocket, carries the
// streams of package sse, with the same frames, hooks, limits, metrics and shutdown.
//
//	sub, err := streams.Admit(w, r)
//	if err != nil {
//		e, frame := streams.Refusal(r, err) // answer by e's status, or by the frame
//		return
//	}
//	defer sub.Close()
//	err = sub.Stream(r.Context(), out) // out is an Output
//
// Package sse implements Streams and Subscription, the other transport Output. It is
// not for users of the kit: sse.Handler.Carrier is for packages below server.
package carrier

import (
	"context"
	"net/http"
	"time"

	"github.com/seawaykit/seaway/shared/fault"
)

// Streams admits requests to the streams of one log.
type Streams interface {
	// Admit checks a stream's request, calls the authorise hook, and reserves a place
	// under the limits, or returns why not: see Refusal. It clears the read deadline
	// that the server has set for the request, at which its context would end.
	Admit(w http.ResponseWriter, r *http.Request) (Subscription, error)

	// Refusal returns how to answer a client that was not admitted. If retrying may
	// help, the client is accepted and sent frame, and nothing else. If its request is
	// wrong, frame is nil, and the status is e's. An err that holds no [fault.Error]
	// is logged, since the client only gets an internal error.
	Refusal(r *http.Request, err error) (e *fault.Error, frame []byte)
}

// A Subscription is a request that was admitted: its topics are checked and authorised,
// it counts as a stream, and the shutdown of the streams sends it a bye. Stream is
// called at most once, and Close once.
type Subscription interface {
	// Stream writes the stream to out, beginning with its hello, until ctx ends, a
	// write fails, the log is closed, or the shutdown has sent its bye: then the
	// error is nil. A stream that cannot begin is one fault frame, and its error a
	// [*fault.Error].
	Stream(ctx context.Context, out Output) error

	// WriteTimeout returns for how long the client may take nothing.
	WriteTimeout() time.Duration

	// Close releases the subscription's place.
	Close()
}

// An Output writes a stream's frames to a client.
type Output interface {
	// Write writes the frames, whole and in order, and returns when the client's
	// connection has them, or an error within the write timeout: an
	// [os.ErrDeadlineExceeded] counts the client as slow. Other streams share the
	// bytes, which must not be changed.
	Write(frames ...[]byte) error
	// Cut makes a Write that is under way fail, and every later one. It does not
	// block, and may be called beside Write.
	Cut()
}
