package jetstream_test

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/eventlogtest"
	"github.com/seawaykit/seaway/server/eventlog/jetstream"
)

// A cluster is three servers on loopback, with a password between them, and a
// fourth that stores nothing: by it they find each other, wherever they listen.
// Each log of it is a stream of its own.
type cluster struct {
	seed    *server.Server
	options [3]*server.Options
	servers [3]*server.Server
	logs    map[eventlog.Log]jetstream.Options
}

func startCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{logs: map[eventlog.Log]jetstream.Options{}}
	dir := t.TempDir() // before the cleanup, so that it is removed after the servers have ended
	t.Cleanup(c.stop)
	c.seed = startServer(t, clustered("seed"))
	for i := range c.options {
		o := clustered(fmt.Sprint("node", i))
		o.JetStream, o.StoreDir = true, filepath.Join(dir, o.ServerName)
		// Each stream reserves 1 GiB that it does not use: a disk with less room than
		// that for all of them would do.
		o.JetStreamMaxStore = 1 << 40
		o.Routes = []*url.URL{{
			Scheme: "nats", Host: c.seed.ClusterAddr().String(),
			User: url.UserPassword(o.Cluster.Username, o.Cluster.Password),
		}}
		c.options[i], c.servers[i] = o, startServer(t, o)
	}
	return c
}

func clustered(name string) *server.Options {
	return &server.Options{
		ServerName: name, Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true,
		Cluster: server.ClusterOpts{
			Name: "test", Host: "127.0.0.1", Port: server.RANDOM_PORT, Username: "route", Password: "password",
		},
	}
}

func startServer(t *testing.T, o *server.Options) *server.Server {
	t.Helper()
	s, err := server.NewServer(o.Clone())
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(timeout) {
		t.Fatalf("server %s does not get ready", o.ServerName)
	}
	return s
}

func (c *cluster) stop() {
	for _, s := range append(c.servers[:], c.seed) {
		if s != nil {
			s.Shutdown()
			s.WaitForShutdown()
		}
	}
}

// open opens a log by a connection to one server, which goes to the others when
// that is stopped.
func (c *cluster) open(t *testing.T, i int, o jetstream.Options) eventlog.Log {
	t.Helper()
	urls := c.servers[i].ClientURL() + "," + c.servers[(i+1)%3].ClientURL() + "," + c.servers[(i+2)%3].ClientURL()
	log := open(t, connect(t, urls, nats.DontRandomize()), o)
	c.logs[log] = o
	return log
}

// stopLeader stops the server that leads the log's stream, and returns what
// starts it again.
func (c *cluster) stopLeader(t *testing.T, log eventlog.Log) (repair func()) {
	t.Helper()
	js, err := natsjs.New(connect(t, c.servers[0].ClientURL()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	stream, err := js.Stream(ctx, c.logs[log].Stream)
	if err != nil {
		t.Fatal(err)
	}
	leader := stream.CachedInfo().Cluster.Leader
	for i, s := range c.servers {
		if s.Name() == leader {
			s.Shutdown()
			s.WaitForShutdown()
			return func() { c.servers[i] = startServer(t, c.options[i]) }
		}
	}
	t.Fatalf("no server is called %q, as the leader is", leader)
	return nil
}

// removeStreams ends the streams of a log with the test: each is a group of servers
// that send heartbeats, and there are two for each of the suite's cases.
func (c *cluster) removeStreams(t *testing.T, name string) {
	nc := connect(t, c.servers[0].ClientURL(), nats.DontRandomize())
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		js, err := natsjs.New(nc)
		for _, stream := range []string{name, name + "-VALUES"} {
			if err == nil {
				err = js.DeleteStream(ctx, stream)
			}
		}
		if err != nil {
			t.Log(err)
		}
	})
}

func TestClusterKeepsThePromises(t *testing.T) {
	c := startCluster(t)
	eventlogtest.Run(t, eventlogtest.Harness{
		Open: func(t *testing.T, r eventlog.Retention) eventlog.Log {
			name := fmt.Sprint("case", len(c.logs))
			c.removeStreams(t, name)
			return c.open(t, 0, jetstream.Options{Stream: name, Subject: name, Replicas: 3, Retention: r})
		},
		Peer:   func(t *testing.T, log eventlog.Log) eventlog.Log { return c.open(t, 1, c.logs[log]) },
		Reopen: func(t *testing.T, log eventlog.Log) eventlog.Log { log.Close(); return c.open(t, 2, c.logs[log]) },
		Fault:  c.stopLeader,
	})
}
