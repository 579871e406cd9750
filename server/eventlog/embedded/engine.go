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

// errStopped means that no server is running.
var errStopped = errors.New("the embedded server is stopped")

// An engine runs the NATS server, and can start it again after a failure.
type engine struct {
	o        Options
	syncEach bool // the server syncs each message; nobody else does

	mu        sync.Mutex
	server    *server.Server // nil while stopped
	accepting bool           // whether connections other than startupConn are accepted
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
		// The stream's own limits are those that apply. The default, three
		// quarters of the free space, would refuse the stream on a disk that
		// fills up.
		JetStreamMaxStore:      1 << 50,
		DisableJetStreamBanner: true,

		SyncAlways: e.syncEach,
		MaxPayload: int32(max(server.MAX_PAYLOAD_SIZE, r.MaxEvent+64<<10)),
	}
}

// stop stops the server and waits for its end.
func (e *engine) stop() {
	e.mu.Lock()
	s := e.server
	e.server, e.accepting = nil, false
	e.mu.Unlock()
	if s != nil {
		s.Shutdown()
		s.WaitForShutdown()
	}
}

// open accepts connections, and so the appends that wait in them.
func (e *engine) open() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.accepting = true
}

// InProcessConn implements [nats.InProcessConnProvider]: a client that
// reconnects gets a connection to the server that runs then.
func (e *engine) InProcessConn() (net.Conn, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.server == nil || !e.accepting {
		return nil, errStopped
	}
	return e.server.InProcessConn()
}

// health returns why the server is unhealthy, nil if it is healthy.
func (e *engine) health() error {
	e.mu.Lock()
	s := e.server
	e.mu.Unlock()
	if s == nil {
		return errStopped
	}
	return confirmed(func() error {
		if status := s.Healthz(nil); status.Error != "" {
			return errors.New(status.Error)
		}
		return nil
	})
}

// healthTries is how often a server must be found unhealthy in a row. Healthz gives
// part of its check one millisecond, which a busy machine can withhold; a write error
// persists until the server is restarted.
const healthTries = 5

// confirmed returns the error of check if each of [healthTries] calls returns one.
func confirmed(check func() error) (err error) {
	for range healthTries {
		if err = check(); err == nil {
			return nil
		}
	}
	return err
}
