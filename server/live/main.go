package live

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/embedded"
	"github.com/seawaykit/seaway/server/eventlog/jetstream"
	"github.com/seawaykit/seaway/server/httpd"
)

// A Program is a program that [Main] runs. Name and New must be set.
type Program struct {
	Name    string // in messages and in the usage
	Version string // for -version and Options.Version
	// New returns the server. It is called once the ports and the log are open;
	// the log is closed after the server's end.
	New func(ctx context.Context, c Config) (*Server, error)
	// Flags defines additional flags, such as -session-key, with environment
	// variables as their defaults. Default none.
	Flags func(set *flag.FlagSet, getenv func(string) string)
}

// Main runs a program until SIGTERM or an interrupt, and returns its exit status:
// 0 after a graceful end, 2 for wrong arguments and 1 for everything else, with
// one line on stderr. Requests are logged to stdout.
//
// Its flags, listed by -help, set the address, the log (a directory, or a NATS
// cluster), the trusted origins, and more. Ports are opened first: if one is taken,
// nothing else has been touched. Then the log is opened, which on a cluster may take
// until the cluster is up; meanwhile connections wait to be accepted, and the admin
// address reports that the server is starting.
//
// With "backup DIR" as its first arguments the program copies its log instead, also while
// another process serves it, and with "check DIR" it looks for damage: see
// [embedded.Backup] and [embedded.Verify].
func Main(p Program) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return p.run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
}

func (p Program) run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	if status, is := p.operate(ctx, args, getenv, stdout, stderr); is {
		return status
	}
	f, err := p.parse(args, getenv, stdout)
	switch {
	case errors.Is(err, errHelp):
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "%s: %v\n", p.Name, err)
		return 2
	}
	if err := p.serve(ctx, f, stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", p.Name, err)
		return 1
	}
	return 0
}

// serve runs the server until ctx ends.
func (p Program) serve(ctx context.Context, f flags, stdout, stderr io.Writer) (err error) {
	logger := f.logger(stderr)
	secure, err := certificate(f.tlsCert, f.tlsKey)
	if err != nil {
		return err
	}
	opts := Options{
		Addr: f.addr, Admin: f.admin, TLS: secure, H2C: f.h2c, Origins: f.origins, PublicURL: f.publicURL, TrustedProxies: f.trusted, ProxyProtocol: f.proxyProtocol, Heartbeat: f.heartbeat,
		Limits: f.limits, Version: p.Version, Logger: logger, Access: stdout, AccessJSON: f.logFormat == "json",
	}
	// The ports come first: if one is taken, nothing else has been touched.
	listener, err := listen(opts)
	if err != nil {
		return err
	}
	defer listener.Close()
	operators, stop, err := serveAdmin(opts)
	if err != nil {
		return err
	}
	defer stop()
	log, err := openLog(ctx, f, logger)
	switch {
	case err != nil && ctx.Err() != nil:
		logger.Info("shutting down")
		return nil
	case err != nil:
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	c := Config{Log: &clientLog{Log: log}, Logger: logger, Data: f.directory(), Node: f.node(listener), options: opts}
	s, err := p.New(ctx, c)
	if err != nil {
		return err
	}
	if err := s.forget(ctx, f.forget); err != nil {
		return fmt.Errorf("-forget-kind: %w", err)
	}
	if s.opts.Files != nil && !s.files.HasApp() {
		logger.Warn("this program was built without the page: make build")
	}
	operators.set(s.Admin())
	logger.Info("listening", "url", scheme(secure)+"://"+httpd.HostPort(listener.Addr()), "version", p.Version)
	return s.Serve(ctx, listener)
}

// openLog opens the log in the data directory, or on a cluster. It waits for a
// cluster until ctx ends: the cluster recovers by itself, and a restart of this
// program would not help.
func openLog(ctx context.Context, f flags, logger *slog.Logger) (eventlog.Log, error) {
	if f.nats.URL != "" {
		return jetstream.Connect(ctx, f.nats, jetstream.Options{Replicas: f.replicas, Retention: f.retain.retention(), Existing: f.existing, Logger: logger})
	}
	log, err := embedded.Open(ctx, embedded.Options{Dir: f.data, Retention: f.retain.retention(), Logger: logger, UnsafeDropDamaged: f.dropDamaged})
	if errors.Is(err, embedded.ErrDamaged) {
		return nil, fmt.Errorf("%w (put that right, restore a backup, or see -unsafe-drop-damaged-events)", err)
	}
	if err != nil {
		return nil, err // and not an interface that holds a nil
	}
	return log, nil
}

// directory returns the data directory, if the program has one.
func (f flags) directory() string {
	if f.nats.URL != "" {
		return ""
	}
	return f.data
}

// node names this program among the programs that share its log. One with a
// data directory is alone, and needs no name; on a cluster the name should be
// the same after a restart.
func (f flags) node(listener net.Listener) string {
	if f.nats.URL == "" {
		return ""
	}
	host, _ := os.Hostname() // without one the address has to do
	return host + " " + listener.Addr().String()
}
