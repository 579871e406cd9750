package jetstream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/seawaykit/seaway/server/eventlog"
)

// A Server says how to reach a NATS server or cluster.
type Server struct {
	// URL of one or more servers, separated by commas:
	// nats://host:4222 or tls://host:4222.
	URL string
	// Credentials is the path of a .creds file, which keeps secrets out of the
	// URL and so out of process lists. Default none.
	Credentials string
	// CA is the path of the PEM file with the certificate authority of the
	// servers. Default the system's.
	CA string
}

// Connect opens a log on a server of which no connection exists yet. The log
// owns the connection: it reconnects for ever, and Close closes it. Like [Open]
// it tries until ctx ends.
func Connect(ctx context.Context, s Server, o Options) (eventlog.Log, error) {
	err := s.checkURL()
	if err != nil {
		return nil, fmt.Errorf("connect to the event log's server: %w", err)
	}
	o.dial = &dialing{}
	nc, err := nats.Connect(s.URL, s.options(cmp.Or(o.Logger, slog.Default()), o.dial)...)
	if err != nil {
		return nil, fmt.Errorf("connect to the event log's server: %w", err)
	}
	log, err := Open(ctx, nc, o)
	if err != nil {
		nc.Close()
		return nil, err
	}
	return owner{log}, nil
}

// checkURL says what is wrong with the URL without repeating it: it may hold a
// password, and the client's own error would tell it.
func (s Server) checkURL() error {
	for one := range strings.SplitSeq(s.URL, ",") {
		_, err := url.Parse(strings.TrimSpace(one))
		var wrong *url.Error
		if errors.As(err, &wrong) {
			return fmt.Errorf("the URL: %w", wrong.Err)
		}
	}
	return nil
}

func (s Server) options(logger *slog.Logger, dial *dialing) []nats.Option {
	opts := []nats.Option{
		nats.Name("seaway"),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		// A server that hangs, or whose machine is gone, closes no connection: it
		// is left after 4 to 6 s, for another. The default is 4 to 6 minutes.
		nats.PingInterval(2 * time.Second),
		nats.MaxPingsOutstanding(2),
		nats.RetryOnFailedConnect(true), // Open bounds it
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { dial.last.Store(&err) }),
		// What a server refuses for want of a permission is told here only: the
		// question itself gets no answer.
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			logger.Warn("the event log's server", "error", err)
		}),
	}
	if s.Credentials != "" {
		opts = append(opts, nats.UserCredentials(s.Credentials))
	}
	if s.CA != "" {
		opts = append(opts, nats.RootCAs(s.CA))
	}
	return opts
}

// owner is a log that closes its connection.
type owner struct{ *Log }

// Close implements [eventlog.Log].
func (o owner) Close() error {
	err := o.Log.Close()
	o.nc.Close()
	return err
}

// A dialing is why a connection is not there.
type dialing struct{ last atomic.Pointer[error] }

// reason returns what an operator should know of a question that had no answer:
// why there is no connection, or what the stream's leader last said of itself.
func (l *Log) reason(err error) error {
	_, cause := l.known.since()
	lost := errors.Is(err, nats.ErrConnectionClosed)
	switch {
	case !lost && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, errSilent):
		return err
	case !l.nc.IsConnected():
		if last := l.dialed(); last != nil {
			return fmt.Errorf("%w: %w", errNotConnected, last)
		}
		return errNotConnected
	}
	return cmp.Or(cause, errNoAnswer)
}

// dialed returns why the last try to connect failed, if that is known.
func (l *Log) dialed() error {
	if l.o.dial == nil || l.o.dial.last.Load() == nil {
		return nil
	}
	return *l.o.dial.last.Load()
}

var (
	errNotConnected = errors.New("there is no connection to its server")
	// errNoAnswer: questions that are asked while there is no leader are dropped.
	errNoAnswer = errors.New("the stream's leader does not answer")
)
