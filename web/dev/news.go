package main

import (
	"context"
	"net/http"
	"sync"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// What the stream of a developer tells. Only the newest is kept.
var (
	built  = event.Define[build]("dev.built")
	failed = event.Define[failure]("dev.failed")
)

// A build is there, and serves.
type build struct {
	ID string `json:"id"`
}

// A failure is why there is none.
type failure struct {
	Text string `json:"text"`
}

// topic is where builds are told.
const topic = "dev"

// maxText keeps a failure below what an event may hold. The first errors are
// those that count.
const maxText = 32 << 10

// news tells the pages of builds, over the kit's own stream.
type news struct {
	log     *eventlog.Memory
	streams *sse.Handler
	stop    context.CancelFunc
	feeding sync.WaitGroup
}

func newNews() *news {
	n := &news{log: eventlog.NewMemory(eventlog.Retention{MaxEvents: 16})}
	hub := fanout.New(n.log, fanout.Options{Encode: sse.EncodeEvent, MaxEvents: 16})
	n.streams = sse.NewHandler(hub, sse.Options{Authorize: func(_ *http.Request, topics []string) (string, error) {
		for _, t := range topics {
			if t != topic {
				return "", fault.New(fault.Forbidden, "this stream tells of builds only")
			}
		}
		return "", nil
	}})
	ctx, stop := context.WithCancel(context.Background())
	n.stop = stop
	n.feeding.Go(func() { _ = hub.Run(ctx) })
	return n
}

func (n *news) tellBuilt(ctx context.Context, id string) error {
	_, err := built.Publish(ctx, n.log, topic, build{id}, event.Latest())
	return err
}

func (n *news) tellFailed(ctx context.Context, text string) error {
	if len(text) > maxText {
		text = text[:maxText] + "\n..."
	}
	_, err := failed.Publish(ctx, n.log, topic, failure{text}, event.Latest())
	return err
}

// close ends the streams, within ctx, and what feeds them.
func (n *news) close(ctx context.Context) {
	_ = n.streams.Shutdown(ctx) // who does not read the bye is cut off
	n.stop()
	n.feeding.Wait()
	_ = n.log.Close()
}
