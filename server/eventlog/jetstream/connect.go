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

// A Server is the address of a NATS server or cluster, with the credentials to
// connect.
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

// Connect connects to a server and opens the log on it. The log owns the
// connection: it reconnects for ever, and Close closes it. Like [Open] it
// retries until ctx ends.
func Connect(ctx context.Context, s Server, o Options) (eventlog.Log, error) {
	err := s.checkURL()
	if err != nil {
		return nil, fmt.Errorf("connect to the event log's server: %w", err)
	}
	o.dialError = &lastDialError{}
	nc, err := nats.Connect(s.URL, s.options(cmp.Or(o.Logger, slog.Default()), o.dialError)...)
	if err != nil {
		return nil, fmt.Errorf("connect to the event log's server: %w", err)
	}
	log, err := Open(ctx, nc, o)
	if err != nil {
		nc.Close()
		return nil, err
	}
	return connectedLog{log}, nil
}

// checkURL returns an error for a malformed URL that does not contain the URL:
// it may hold a password, which the NATS client's own error would show.
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

func (s Server) options(logger *slog.Logger, dial *lastDialError) []nats.Option {
	opts := []nats.Option{
		nats.Name("seaway"),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		// A server that hangs, or whose machine is gone, closes no connection:
		// the client switches to another after 4 to 6 s. The default is 4 to 6
		// minutes.
		nats.PingInterval(2 * time.Second),
		nats.MaxPingsOutstanding(2),
		nats.RetryOnFailedConnect(true), // Open bounds it
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { dial.last.Store(&err) }),
		// A missing permission is reported here only: the request itself gets
		// no answer.
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

// A connectedLog is a log that owns its connection.
type connectedLog struct{ *Log }

// Close implements [eventlog.Log].
func (o connectedLog) Close() error {
	err := o.Log.Close()
	o.nc.Close()
	return err
}

// A lastDialError is the error of the last failed attempt to connect.
type lastDialError struct{ last atomic.Pointer[error] }

// reason returns what an operator should know about a request without an
// answer: why there is no connection, or what the stream's leader last
// reported.
func (l *Log) reason(err error) error {
	_, cause := l.quorum.since()
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

// dialed returns why the last attempt to connect failed, if that is known.
func (l *Log) dialed() error {
	if l.o.dialError == nil || l.o.dialError.last.Load() == nil {
		return nil
	}
	return *l.o.dialError.last.Load()
}

var (
	errNotConnected = errors.New("there is no connection to its server")
	// errNoAnswer: requests that are sent while there is no leader are dropped.
	errNoAnswer = errors.New("the stream's leader does not answer")
)
