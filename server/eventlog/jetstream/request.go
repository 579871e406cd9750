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

// codeNotFound means that no message has the number.
const codeNotFound jetstream.ErrorCode = 10037

// checkRequest returns ErrKeyReused if the message that is stored under the
// draft's key was stored for another request. The stream remembers a key longer
// than a message that has left it: its request is not known any more, and the
// draft is treated as a retry.
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

// stored requests the header of a stored message once; it is empty if there is no
// message. It asks the leader, which has given the number: a replica that lags
// may not have the message yet.
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
