package jetstream_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/eventlogtest"
	"github.com/seawaykit/seaway/server/eventlog/jetstream"
)

// timeout bounds what must come true in the end.
const timeout = time.Minute

// A node is a server without a cluster that can be stopped, started again and
// replaced behind the back of its clients.
type node struct {
	dir string

	mu     sync.Mutex
	server *server.Server // nil while stopped
}

// start runs the server on the directory.
func (n *node) start(t *testing.T, dir string) {
	t.Helper()
	s := startServer(t, &server.Options{
		ServerName: "single", StoreDir: dir, JetStream: true, DontListen: true, NoSigs: true, NoLog: true,
	})
	n.mu.Lock()
	defer n.mu.Unlock()
	n.server, n.dir = s, dir
}

func (n *node) stop() {
	n.mu.Lock()
	s := n.server
	n.server = nil
	n.mu.Unlock()
	if s != nil {
		s.Shutdown()
		s.WaitForShutdown()
	}
}

// InProcessConn implements nats.InProcessConnProvider.
func (n *node) InProcessConn() (net.Conn, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.server == nil {
		return nil, errors.New("the server is stopped")
	}
	return n.server.InProcessConn()
}

func startNode(t *testing.T) *node {
	t.Helper()
	n := &node{}
	n.start(t, t.TempDir())
	t.Cleanup(n.stop)
	return n
}

// connect returns a connection that outlives the server.
func connect(t *testing.T, url string, opts ...nats.Option) *nats.Conn {
	t.Helper()
	opts = append(opts, nats.MaxReconnects(-1), nats.ReconnectWait(10*time.Millisecond),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	nc, err := nats.Connect(url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan struct{})
	nc.SetClosedHandler(func(*nats.Conn) { close(closed) })
	t.Cleanup(func() { nc.Close(); <-closed })
	return nc
}

func open(t *testing.T, nc *nats.Conn, o jetstream.Options) *jetstream.Log {
	t.Helper()
	o.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	log, err := jetstream.Open(ctx, nc, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close() })
	return log
}

// singles are the servers of the logs that the suite has open.
type singles struct {
	nodes   map[eventlog.Log]*node
	options map[eventlog.Log]jetstream.Options
}

func (s *singles) open(t *testing.T, n *node, o jetstream.Options) eventlog.Log {
	log := open(t, connect(t, "", nats.InProcessServer(n)), o)
	s.nodes[log], s.options[log] = n, o
	return log
}

func TestSingleServerKeepsThePromises(t *testing.T) {
	s := singles{map[eventlog.Log]*node{}, map[eventlog.Log]jetstream.Options{}}
	eventlogtest.Run(t, eventlogtest.Harness{
		Open: func(t *testing.T, r eventlog.Retention) eventlog.Log {
			return s.open(t, startNode(t), jetstream.Options{Retention: r})
		},
		Peer: func(t *testing.T, log eventlog.Log) eventlog.Log {
			return s.open(t, s.nodes[log], s.options[log])
		},
		Reopen: func(t *testing.T, log eventlog.Log) eventlog.Log {
			log.Close()
			s.nodes[log].stop()
			s.nodes[log].start(t, s.nodes[log].dir)
			return s.open(t, s.nodes[log], s.options[log])
		},
		Replace: func(t *testing.T, log eventlog.Log) {
			s.nodes[log].stop()
			s.nodes[log].start(t, t.TempDir())
			s.open(t, s.nodes[log], s.options[log])
		},
		Fault: func(t *testing.T, log eventlog.Log) func() {
			s.nodes[log].stop()
			s.nodes[log].start(t, s.nodes[log].dir)
			return func() {}
		},
	})
}
