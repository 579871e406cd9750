package jetstream_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/seawaykit/seaway/server/eventlog/jetstream"
	"github.com/seawaykit/seaway/shared/event"
)

// The log on a connection that the program has already. Without one, Connect
// takes the servers' addresses.
func Example() {
	nc, stop, err := harbour()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	log, err := jetstream.Open(ctx, nc, jetstream.Options{Stream: "TIDES", Subject: "tides"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer log.Close()

	draft := event.Draft{Topic: "harbour", Type: "tide.rose", Data: []byte(`{"metres":0.4}`), Key: "reading-1"}
	first, err := log.Append(ctx, draft)
	again, errAgain := log.Append(ctx, draft) // a retry, recognised by its key
	fmt.Println(first.Seq(), err, again == first, errAgain)
	// Output: 1 <nil> true <nil>
}

// harbour runs a NATS server inside the example.
func harbour() (nc *nats.Conn, stop func(), err error) {
	dir, err := os.MkdirTemp("", "tides")
	if err != nil {
		return nil, nil, err
	}
	ns, err := server.NewServer(&server.Options{JetStream: true, StoreDir: dir, DontListen: true, NoSigs: true, NoLog: true})
	if err != nil {
		return nil, nil, err
	}
	ns.Start()
	nc, err = nats.Connect("", nats.InProcessServer(ns), nats.MaxReconnects(0), nats.RetryOnFailedConnect(true))
	return nc, func() {
		nc.Close()
		ns.Shutdown()
		ns.WaitForShutdown()
		os.RemoveAll(dir)
	}, err
}
