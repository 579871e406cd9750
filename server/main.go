// Command seaway is a sample: a live message list in one program, which holds
// the page, the stream and the log. Replace it, and package site, with your own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/embedded"
	"github.com/seawaykit/seaway/server/eventlog/jetstream"
	"github.com/seawaykit/seaway/server/ops"
	"github.com/seawaykit/seaway/server/sample/site"
	_ "github.com/seawaykit/seaway/shared/sample/schema" // what other builds may say
	"github.com/seawaykit/seaway/web"
)

// version is set by the linker.
var version = "dev"

// graceTime bounds a graceful end, with a second left for the log.
const graceTime = 4 * time.Second

// errStarting is what operators see until there is a site.
var errStarting = errors.New("the server is starting: its log is not open yet")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// run is the program: it returns the exit status, 0 after a graceful end, 2 for
// wrong arguments and 1 for everything else, with one line on stderr.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	c, err := parseConfig(args, getenv, stdout)
	switch {
	case errors.Is(err, errHelp):
		return 0
	case err != nil:
		fmt.Fprintln(stderr, "seaway:", err)
		return 2
	}
	if err := serve(ctx, c, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "seaway:", err)
		return 1
	}
	return 0
}

// serve runs the server until ctx ends.
func serve(ctx context.Context, c config, stdout, stderr io.Writer) (err error) {
	logger := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
	// The ports come first: if one is taken, nothing else has been touched.
	listener, err := listen(c)
	if err != nil {
		return err
	}
	defer listener.Close()
	operators, stop, err := serveAdmin(c.admin, ops.Starting(errStarting), logger)
	if err != nil {
		return err
	}
	defer stop()
	log, err := openLog(ctx, c, logger)
	switch {
	case err != nil && ctx.Err() != nil:
		logger.Info("shutting down")
		return nil
	case err != nil:
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	key, err := keyOf(ctx, c, log, logger)
	if err != nil {
		return err
	}
	s, err := site.New(site.Options{
		Log: log, SessionKey: key, Node: node(c, listener),
		Origins: c.origins, Build: version, Beat: c.beat, Limits: c.limits, Logger: logger, Access: stdout,
	})
	if err != nil {
		return err
	}
	if !web.HasApp() {
		logger.Warn("this program was built without the page: make build")
	}
	operators.use(s.Admin())
	logger.Info("listening", "url", c.scheme()+"://"+hostPort(listener.Addr()), "version", version)
	return serveSite(ctx, s, listener, newServer(c, s.Handler(), logger), logger)
}

// openLog opens the log in the data directory, or on a cluster. A cluster is
// waited for until ctx ends: it comes back by itself, and to be started again
// would not help. Meanwhile connections wait to be accepted.
func openLog(ctx context.Context, c config, logger *slog.Logger) (eventlog.Log, error) {
	if c.nats.URL != "" {
		return jetstream.Connect(ctx, c.nats, jetstream.Options{Replicas: c.replicas, Existing: c.existing, Logger: logger})
	}
	log, err := embedded.Open(ctx, embedded.Options{Dir: c.data, Logger: logger, UnsafeDropDamaged: c.dropDamaged})
	if errors.Is(err, embedded.ErrDamaged) {
		return nil, fmt.Errorf("%w (put that right, restore a backup, or see -unsafe-drop-damaged-events)", err)
	}
	if err != nil {
		return nil, err // and not an interface that holds a nil
	}
	return log, nil
}

// keyOf returns the session key. The program's first start makes one before it
// publishes anything.
func keyOf(ctx context.Context, c config, log eventlog.Log, logger *slog.Logger) ([]byte, error) {
	if c.sessionKey != "" || c.nats.URL != "" {
		return sessionKey(c, false, logger)
	}
	state, err := log.State(ctx)
	if err != nil {
		return nil, err
	}
	return sessionKey(c, state.Last > 0, logger)
}

// node names this program among those of its log. One with a data directory is
// alone, and needs no name; on a cluster it is best the same after a restart.
func node(c config, listener net.Listener) string {
	if c.nats.URL == "" {
		return ""
	}
	host, _ := os.Hostname() // without one the address has to do
	return host + " " + listener.Addr().String()
}

// serveSite runs the site and its HTTP server until ctx ends or one of them
// fails, and then ends both within the grace time.
func serveSite(ctx context.Context, s *site.Site, listener net.Listener, server *http.Server, logger *slog.Logger) error {
	producing, stopProducing := context.WithCancel(context.Background())
	defer stopProducing()
	failed := make(chan error, 2)
	go func() { failed <- server.Serve(listener) }()
	go func() { failed <- s.Run(producing) }()

	var err error
	waiting := 2
	select {
	case <-ctx.Done():
		logger.Info("shutting down")
	case err = <-failed:
		waiting--
	}
	grace, cancel := context.WithTimeout(context.Background(), graceTime)
	defer cancel()
	shutDown(grace, s, server)
	stopProducing()
	for range waiting {
		<-failed
	}
	return err
}

// shutDown stops accepting, says goodbye to the streams, and lets requests that
// are being answered finish. Connections that are left at the end are cut.
func shutDown(ctx context.Context, s *site.Site, server *http.Server) {
	accepted := make(chan error, 1)
	go func() { accepted <- server.Shutdown(ctx) }()
	// What is still open after the grace time belongs to clients that do not
	// read. They resume elsewhere.
	if s.Shutdown(ctx) != nil || <-accepted != nil {
		server.Close()
	}
}
