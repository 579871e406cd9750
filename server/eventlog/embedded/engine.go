package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// errStopped says that there is no server to connect to just now.
var errStopped = errors.New("the embedded server is stopped")

// An engine is the NATS server, which can be started again after it failed.
type engine struct {
	o Options

	mu     sync.Mutex
	server *server.Server // nil while stopped
	open   bool           // whether others than the start itself are let in
}

// start runs a server and waits until it is ready.
func (e *engine) start(ctx context.Context) error {
	s, err := server.NewServer(e.options())
	if err != nil {
		return fmt.Errorf("make the embedded server: %w", err)
	}
	log := &serverLogger{Logger: e.o.Logger}
	s.SetLoggerV2(log, false, false, false)
	s.Start()
	for !s.ReadyForConnections(10 * time.Millisecond) {
		fatal := log.fatal.Load()
		if fatal == nil && ctx.Err() == nil {
			continue
		}
		s.Shutdown()
		s.WaitForShutdown()
		if fatal != nil {
			return fmt.Errorf("start the embedded server: %w", *fatal)
		}
		return fmt.Errorf("start the embedded server: %w", context.Cause(ctx))
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.server = s
	return nil
}

func (e *engine) options() *server.Options {
	r := e.o.Retention
	return &server.Options{
		ServerName: "seaway",
		DontListen: true,
		NoSigs:     true, // signals are the program's

		JetStream: true,
		StoreDir:  e.o.Dir,
		// The stream's own bounds are what counts. The default, three quarters
		// of what is free, would refuse the stream on a disk that fills up.
		JetStreamMaxStore:      2*r.MaxBytes + 64<<20,
		DisableJetStreamBanner: true,

		SyncAlways: e.o.Sync == SyncAlways,
		MaxPayload: int32(max(server.MAX_PAYLOAD_SIZE, r.MaxEvent+64<<10)),
	}
}

// stop ends the server and waits for its end.
func (e *engine) stop() {
	e.mu.Lock()
	s := e.server
	e.server, e.open = nil, false
	e.mu.Unlock()
	if s != nil {
		s.Shutdown()
		s.WaitForShutdown()
	}
}

// admit lets connections in, with all that they hold back to be stored.
func (e *engine) admit() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.open = true
}

// InProcessConn implements [nats.InProcessConnProvider]: a client that has lost
// its connection gets one to the server that is there then.
func (e *engine) InProcessConn() (net.Conn, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.server == nil || !e.open {
		return nil, errStopped
	}
	return e.server.InProcessConn()
}

// health returns what ails the server, nil if nothing does.
func (e *engine) health() error {
	e.mu.Lock()
	s := e.server
	e.mu.Unlock()
	if s == nil {
		return errStopped
	}
	status := s.Healthz(nil)
	if status.Error != "" {
		return errors.New(status.Error)
	}
	return nil
}
