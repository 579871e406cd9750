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
	// callTime bounds one Call with all its retries. It is under the two
	// minutes for which a log remembers a key by default, so that the last
	// retry is still recognised.
	callTime = 90 * time.Second
	// tryTime bounds one attempt. A leader election in a cluster takes up to
	// 9 s, during which the server holds the request.
	tryTime = 15 * time.Second

	minPause = 250 * time.Millisecond
	maxPause = 4 * time.Second
)

// ErrNoServer says that a program outside a browser called without [To].
var ErrNoServer = errors.New("command: no server address: pass command.To outside a browser")

// A CallOption changes one call.
type CallOption func(*call)

// To names the server, as in "http://127.0.0.1:8000". A page needs it only for
// a server other than its own.
func To(server string) CallOption { return func(c *call) { c.server = server } }

// WithKey sets the idempotency key, which lets a call be repeated by a later
// Call. The default is a random one for each Call.
func WithKey(key string) CallOption { return func(c *call) { c.key = key } }

// A Carrier sends commands some other way than by a POST of their own: a page's
// open WebSocket is one. Carry sends one command and waits for the answer, whose
// status and body are those of the POST. An error means that there was none,
// and that Call may try again: the key makes it safe.
type Carrier interface {
	Carry(ctx context.Context, command, key string, body []byte) (status int, reply []byte, err error)
}

// Via has a carrier send the command.
func Via(carrier Carrier) CallOption { return func(c *call) { c.carrier = carrier } }

// call is one Call with its options.
type call struct {
	server, key string
	carrier     Carrier // nil for a POST
}

// Call sends req and returns the server's reply. It blocks until there is one,
// trying again with jittered pauses while the server cannot be reached or says
// that a retry may help; at most 90 s, or until ctx ends. The error then holds
// the last failure. A refusal is a [*fault.Error].
//
// In a browser Call must not run on the UI goroutine, which it would block.
func Call[Req, Rep any](ctx context.Context, t Type[Req, Rep], req Req, opts ...CallOption) (Rep, error) {
	c := call{key: newKey()}
	for _, opt := range opts {
		opt(&c)
	}
	var rep Rep
	if t.name == "" {
		return rep, ErrUndefined
	}
	body, err := json.Marshal(req)
	if err == nil {
		body, err = c.persist(ctx, t.name, body)
	}
	if err == nil {
		err = json.Unmarshal(body, &rep)
	}
	if err != nil {
		return rep, fmt.Errorf("call %s: %w", t.name, err)
	}
	return rep, nil
}

// persist repeats attempts until one is final.
func (c call) persist(ctx context.Context, command string, body []byte) ([]byte, error) {
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

// attempt makes one request. Its error is a *fault.Error if the server gave
// one.
func (c call) attempt(ctx context.Context, command string, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	status, reply, err := c.send(ctx, command, body)
	if err != nil {
		return nil, err
	}
	if status == 200 {
		return reply, nil
	}
	var refused fault.Body
	if json.Unmarshal(reply, &refused) == nil && refused.Error != nil {
		return nil, refused.Error
	}
	// Not this server's own answer: a proxy's, most likely while it restarts.
	return nil, &fault.Error{Code: fault.Unavailable, Message: fmt.Sprintf("the server answered %d", status), Retry: status >= 500}
}

func (c call) send(ctx context.Context, command string, body []byte) (status int, reply []byte, err error) {
	if c.carrier != nil {
		return c.carrier.Carry(ctx, command, c.key, body)
	}
	return roundTrip(ctx, c.server+PathPrefix+command, c.key, body)
}

// worthRetry reports whether the same request may succeed later. A failure
// without an answer always may.
func worthRetry(err error) bool {
	var refused *fault.Error
	if errors.As(err, &refused) {
		return refused.Retry
	}
	return !errors.Is(err, ErrNoServer)
}

// newKey returns 128 random bits. They need to be unlikely to repeat, not
// secret: a key is good for its own caller only.
func newKey() string {
	return strconv.FormatUint(rand.Uint64(), 36) + "-" + strconv.FormatUint(rand.Uint64(), 36)
}
