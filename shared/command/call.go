package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/seawaykit/seaway/shared/fault"
)

const (
	// callTime bounds one Call with all its retries. It is below the two minutes for
	// which a log remembers a key by default, so that the last retry is still
	// recognised.
	callTime = 90 * time.Second
	// tryTime bounds one attempt. A leader election in a cluster takes up to
	// 9 s, during which the server holds the request.
	tryTime = 15 * time.Second

	minPause = 250 * time.Millisecond
	maxPause = 4 * time.Second
)

// ErrNoServer is returned by [Call] outside a browser without [To].
var ErrNoServer = errors.New("command: no server address: pass command.To outside a browser")

// A CallOption configures one call.
type CallOption func(*call)

// To sets the server's address, as in "http://127.0.0.1:8000". A page needs it
// only for a server other than its own.
func To(server string) CallOption { return func(c *call) { c.server = server } }

// WithIdempotencyKey sets the idempotency key, so that a later Call can repeat
// this one. The default is a [NewIdempotencyKey] for each Call.
func WithIdempotencyKey(key string) CallOption { return func(c *call) { c.key = key } }

// A Carrier sends commands by another way than a POST each: a page's open
// WebSocket is one. Carry sends one command and waits for the reply, whose status
// and body are those of the POST. An error means that there was no reply, and that
// Call may try again: the key makes it safe.
type Carrier interface {
	Carry(ctx context.Context, command, key string, body []byte) (status int, reply []byte, err error)
}

// Via sends the command by a carrier.
func Via(carrier Carrier) CallOption { return func(c *call) { c.carrier = carrier } }

// call is one Call with its options.
type call struct {
	server, key string
	carrier     Carrier // nil for a POST
}

// Call sends req and returns the server's reply. It blocks until there is one,
// trying again with jittered pauses while the server cannot be reached or reports
// that a retry may help, for at most 90 s or until ctx ends. The error then wraps
// the last failure, which [fault.CodeOf] and [fault.Message] read: a refusal is a
// [*fault.Error], and a call without an answer has the code [fault.Unreachable].
//
// In a browser do not run Call on the UI goroutine, which it would block.
func Call[Req, Rep any](ctx context.Context, t Type[Req, Rep], req Req, opts ...CallOption) (Rep, error) {
	c := call{key: NewIdempotencyKey()}
	for _, opt := range opts {
		opt(&c)
	}
	var rep Rep
	if t.name == "" {
		return rep, ErrUndefined
	}
	body, err := json.Marshal(req)
	if err == nil {
		body, err = c.retry(ctx, t.name, body)
	}
	if err == nil {
		err = json.Unmarshal(body, &rep)
	}
	if err != nil {
		return rep, fmt.Errorf("call %s: %w", t.name, err)
	}
	return rep, nil
}

// retry repeats attempts until one is final.
func (c call) retry(ctx context.Context, command string, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	for pause := minPause; ; pause = min(2*pause, maxPause) {
		reply, err := c.attempt(ctx, command, body)
		if err == nil || !worthRetry(err) {
			return reply, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w (last try: %w)", ctx.Err(), err)
		case <-time.After(pause/2 + rand.N(pause)):
		}
	}
}

// errUnreachable is in the chain of an attempt's error if no answer came.
var errUnreachable = fault.New(fault.Unreachable, "the server cannot be reached")

// attempt makes one request. Its error is a *fault.Error if the server answered
// with one.
func (c call) attempt(ctx context.Context, command string, body []byte) ([]byte, error) {
	try, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	status, reply, err := c.send(try, command, body)
	if err != nil {
		return nil, noAnswerError(ctx, err)
	}
	if status == 200 {
		return reply, nil
	}
	var refused fault.Body
	if json.Unmarshal(reply, &refused) == nil && refused.Error != nil {
		return nil, refused.Error
	}
	// Not an answer of this server: most likely a proxy's, while the server restarts.
	return nil, &fault.Error{Code: fault.Unavailable, Message: fmt.Sprintf("the server answered %d", status), Retry: status >= 500}
}

// noAnswerError returns the error of an attempt without an answer. It is not
// Unreachable if a carrier has refused the request, or it was not sent, or its
// caller has cancelled it: those say nothing about the server.
func noAnswerError(ctx context.Context, err error) error {
	var refused *fault.Error
	if errors.As(err, &refused) || errors.Is(err, ErrNoServer) || errors.Is(ctx.Err(), context.Canceled) {
		return err
	}
	return fmt.Errorf("%w: %w", errUnreachable, err)
}

func (c call) send(ctx context.Context, command string, body []byte) (status int, reply []byte, err error) {
	if c.carrier != nil {
		return c.carrier.Carry(ctx, command, c.key, body)
	}
	return roundTrip(ctx, c.server+PathPrefix+command, c.key, body)
}

// worthRetry reports whether the same request may succeed later. It always may
// after a failure without an answer.
func worthRetry(err error) bool {
	var refused *fault.Error
	if errors.As(err, &refused) {
		return refused.Retry
	}
	return !errors.Is(err, ErrNoServer)
}

// NewIdempotencyKey returns a key for [WithIdempotencyKey]: 128 random bits. It
// needs to be unlikely to repeat, not secret: a key is valid for its own caller
// only.
func NewIdempotencyKey() string {
	return strconv.FormatUint(rand.Uint64(), 36) + "-" + strconv.FormatUint(rand.Uint64(), 36)
}
