package fanout

import (
	"cmp"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

// Options configure a [Hub].
type Options struct {
	// Encode turns an event into the bytes that transports write. Required. It
	// is called once for each event that enters the ring, and once for each
	// read of the log that finds it.
	Encode func(event.Event) []byte

	MaxEvents int // the ring's size in events; default 16,384
	MaxBytes  int // the ring's size in encoded bytes; default 64 MiB
	LogReads  int // how many reads of the log run at a time; default 8
	PageSize  int // how many events one read of the log asks for; default 256, and 1,024 for a reader that is behind
	Window    int // how many retained events follow a reset; default 256

	// FannedOut is called for each new event, when its readers have been woken. It must not
	// block: the events after it wait. Default: nothing is called, at no cost.
	FannedOut func(FanOut)

	// AheadWait is how long Open waits for an event that a reader has received
	// from another node and this node has not. Default 0.5 s: a stream must
	// send its first frame within a second.
	AheadWait time.Duration

	fetchSize int // PageSize for a reader that is behind
}

func (o Options) withDefaults() Options {
	o.MaxEvents = cmp.Or(o.MaxEvents, 16_384)
	o.MaxBytes = cmp.Or(o.MaxBytes, 64<<20)
	o.LogReads = cmp.Or(o.LogReads, 8)
	o.fetchSize = cmp.Or(o.PageSize, 1024)
	o.PageSize = cmp.Or(o.PageSize, 256)
	o.Window = cmp.Or(o.Window, 256)
	o.AheadWait = cmp.Or(o.AheadWait, 500*time.Millisecond)
	return o
}
