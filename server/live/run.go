package live

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/seawaykit/seaway/server/httpd"
)

// graceTime bounds a graceful end. A process has at least five seconds after
// SIGTERM; one is left for the log.
const graceTime = 4 * time.Second

// Run listens on Options.Addr, and on Options.Admin for operators, and serves until
// ctx ends or the process receives SIGTERM or an interrupt. It returns nil after a
// graceful end. It returns at once if a port is taken, and when the log is closed or
// the listener fails.
func (s *Server) Run(ctx context.Context) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := listen(s.opts)
	if err != nil {
		return err
	}
	defer listener.Close()
	operators, stopAdmin, err := serveAdmin(s.opts)
	if err != nil {
		return err
	}
	defer stopAdmin()
	operators.set(s.Admin())
	s.opts.Logger.Info("listening", "url", scheme(s.opts.TLS)+"://"+httpd.HostPort(listener.Addr()), "version", s.opts.Version)
	return s.Serve(ctx, listener)
}

// Serve serves on the listener until ctx ends, and returns nil after a graceful
// end, or the error of a log or listener that has failed before. It closes the
// listener.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	s.start()
	server := s.newHTTP(s.handler)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	var err error
	serving := true
	select {
	case <-ctx.Done():
		s.opts.Logger.Info("shutting down")
	case err = <-failed:
		serving = false
	case err = <-s.background.failed:
	}
	grace, cancel := context.WithTimeout(context.Background(), graceTime)
	defer cancel()
	s.shutdownHTTP(grace, server)
	if serving {
		<-failed
	}
	return err
}

// shutdownHTTP stops accepting, sends the streams their bye, lets requests
// under way finish, and ends the background goroutines.
func (s *Server) shutdownHTTP(ctx context.Context, server *http.Server) {
	accepted := make(chan error, 1)
	go func() { accepted <- server.Shutdown(ctx) }()
	// What is still open after the grace time belongs to clients that do not
	// read. They resume elsewhere.
	if s.drain(ctx) != nil || <-accepted != nil {
		server.Close()
	}
	s.stop()
}
