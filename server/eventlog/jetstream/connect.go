package jetstream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
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
	nc, err := nats.Connect(s.URL, s.options(cmp.Or(o.Logger, slog.Default()))...)
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

func (s Server) options(logger *slog.Logger) []nats.Option {
	opts := []nats.Option{
		nats.Name("seaway"),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.RetryOnFailedConnect(true), // Open bounds it
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

// reason returns what an operator should know of a failed question: while there
// is no connection, why not, and otherwise what a leader last said of itself.
func (l *Log) reason(err error) error {
	_, cause := l.known.since()
	last := l.nc.LastError()
	switch {
	case !l.nc.IsConnected() && last != nil:
		return fmt.Errorf("not connected: %w", last)
	case errors.Is(err, context.DeadlineExceeded) && cause != nil:
		return cause
	case errors.Is(err, context.DeadlineExceeded):
		return errNoAnswer
	}
	return err
}

// errNoAnswer says that nothing answers a question to the stream's leader:
// questions that are asked while there is none are dropped.
var errNoAnswer = errors.New("the stream's leader does not answer")
