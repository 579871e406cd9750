package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

// codeNotFound says that no message has the number.
const codeNotFound jetstream.ErrorCode = 10037

// checkRequest returns ErrKeyReused if the message that is stored under the
// draft's key was stored for another request. The stream remembers a key longer
// than a message that has left it: what that was stored for is not known any
// more, and the draft is taken for a retry.
func (l *Log) checkRequest(ctx context.Context, seq uint64, d event.Draft) error {
	for {
		header, err := l.stored(ctx, seq)
		if err == nil {
			if header.Get(jetstream.MsgIDHeader) == d.Key && !eventlog.SameRequest(header.Get(requestHeader), d) {
				return eventlog.ErrKeyReused
			}
			return nil
		}
		if !wait(ctx, againPause) {
			return fmt.Errorf("%w (last answer: %v)", l.interrupted(ctx), err)
		}
	}
}

// stored asks once for the header of a stored message, which is empty if there is
// none. The leader is asked, which has given the number: a replica that lags
// would say that there is nothing yet.
func (l *Log) stored(ctx context.Context, seq uint64) (nats.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	request, err := json.Marshal(directGet{Seq: seq})
	if err != nil {
		return nil, err
	}
	reply, err := l.nc.RequestWithContext(ctx, "$JS.API.STREAM.MSG.GET."+l.o.Stream, request)
	if err != nil {
		return nil, err
	}
	var a struct {
		Message struct {
			Header []byte `json:"hdrs"`
		} `json:"message"`
		Error *jetstream.APIError `json:"error"`
	}
	switch err := json.Unmarshal(reply.Data, &a); {
	case err != nil:
		return nil, err
	case a.Error != nil && a.Error.ErrorCode == codeNotFound:
		return nats.Header{}, nil
	case a.Error != nil:
		return nil, a.Error
	case len(a.Message.Header) == 0:
		return nil, errors.New("a message without a header")
	}
	return nats.DecodeHeadersMsg(a.Message.Header)
}
