package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/seawaykit/seaway/server/eventlog/embedded"
	"github.com/seawaykit/seaway/shared/event"
)

// The log of a program without anything beside it: a directory.
func Example() {
	dir, err := os.MkdirTemp("", "tides")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	opts := embedded.Options{Dir: dir, Logger: slog.New(slog.DiscardHandler)}
	log, err := embedded.Open(ctx, opts)
	if err != nil {
		fmt.Println(err)
		return
	}
	// When Append returns, the event is on the disk.
	id, err := log.Append(ctx, event.Draft{Topic: "harbour", Type: "tide.rose", Data: []byte(`{"metres":0.4}`)})
	fmt.Println("stored as number", id.Seq(), err)

	// The directory belongs to one process.
	_, err = embedded.Open(ctx, opts)
	fmt.Println("locked:", errors.Is(err, embedded.ErrLocked))

	// After a restart the event has the same id.
	log.Close()
	if log, err = embedded.Open(ctx, opts); err != nil {
		fmt.Println(err)
		return
	}
	defer log.Close()
	page, err := log.Read(ctx, 0, 10)
	fmt.Println(page.Events[0].ID() == id, err)
	// Output:
	// stored as number 1 <nil>
	// locked: true
	// true <nil>
}
