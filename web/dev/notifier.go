package main

import (
	"context"
	"net/http"
	"sync"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// The events for developers' pages. Only the newest one is kept.
var (
	built  = event.Define[build]("dev.built")
	failed = event.Define[failure]("dev.failed")
)

// A build is the event of a build that is being served.
type build struct {
	ID string `json:"id"`
}

// A failure is the event of a build that has failed.
type failure struct {
	Text string `json:"text"`
}

// topic is where builds are published.
const topic = "dev"

// maxText keeps a failure below the size limit of an event. The first errors are
// those that count.
const maxText = 32 << 10

// A notifier publishes builds to the open pages, over the kit's own stream.
type notifier struct {
	log     *eventlog.Memory
	streams *sse.Handler
	stop    context.CancelFunc
	running sync.WaitGroup
}

func newNotifier() *notifier {
	n := &notifier{log: eventlog.NewMemory(eventlog.Retention{MaxEvents: 16})}
	n.streams = sse.New(n.log, sse.Options{RingEvents: 16, Authorize: func(_ *http.Request, topics []string) (string, error) {
		for _, t := range topics {
			if t != topic {
				return "", fault.New(fault.Forbidden, "this stream has events of builds only")
			}
		}
		return "", nil
	}})
	ctx, stop := context.WithCancel(context.Background())
	n.stop = stop
	n.running.Go(func() { _ = n.streams.Run(ctx) })
	return n
}

func (n *notifier) publishBuilt(ctx context.Context, id string) error {
	_, err := built.Publish(ctx, n.log, topic, build{id}, event.Latest())
	return err
}

func (n *notifier) publishFailed(ctx context.Context, text string) error {
	if len(text) > maxText {
		text = text[:maxText] + "\n..."
	}
	_, err := failed.Publish(ctx, n.log, topic, failure{text}, event.Latest())
	return err
}

// close ends the streams, within ctx, and the goroutine that feeds them.
func (n *notifier) close(ctx context.Context) {
	_ = n.streams.Shutdown(ctx) // a client that does not read the bye is cut off
	n.stop()
	n.running.Wait()
	_ = n.log.Close()
}
