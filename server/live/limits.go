package live

import (
	"cmp"
	"net/http"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/shared/fault"
)

// Limits bound what clients may do. The zero value of each field stands for the default.
// Those by address do not apply to clients whose address is not known: see [httpd.Client].
type Limits struct {
	Streams            int // open at the same time; default by the limit of open files
	StreamsPerAddress  int // of one client address; default 256
	StreamsPerIdentity int // of one identity; default 64
	Topics             int // of one stream; default 32

	// Commands, on a socket and as forms too, and mutations. The defaults are 20 a second and 60 at
	// once for an identity, 200 and 400 for an address.
	Commands, CommandsPerAddress access.Rate
	// CommandBytes are those of their requests. The defaults are 1 MB a second and 2 MB at
	// once for an identity and for a stranger's address, 4 MB and 8 MB for an address.
	CommandBytes, CommandBytesPerAddress access.Rate
	// PagesPerAddress are requests to the handler of Pages, but for the files of the page
	// that it generates. The default is 30 a second and 90 at once.
	PagesPerAddress access.Rate
	// StateBytesPerAddress are those of the values that GET /state answers with, before they
	// are packed. The default is 4 MB a second and 16 MB at once.
	StateBytesPerAddress access.Rate

	// None lifts the defaults of all but Streams and Topics, for benchmarks.
	None bool
}

// The defaults.
var defaultLimits = Limits{
	StreamsPerAddress:      256,
	StreamsPerIdentity:     64,
	Commands:               access.Rate{PerSecond: 20, Burst: 60},
	CommandsPerAddress:     access.Rate{PerSecond: 200, Burst: 400},
	CommandBytes:           access.Rate{PerSecond: 1e6, Burst: 2e6},
	CommandBytesPerAddress: access.Rate{PerSecond: 4e6, Burst: 8e6},
	PagesPerAddress:        access.Rate{PerSecond: 30, Burst: 90},
	StateBytesPerAddress:   access.Rate{PerSecond: 4e6, Burst: 16e6},
}

// or returns l with the values of others where l has none.
func (l Limits) or(others Limits) Limits {
	return Limits{
		Streams:                cmp.Or(l.Streams, others.Streams),
		StreamsPerAddress:      cmp.Or(l.StreamsPerAddress, others.StreamsPerAddress),
		StreamsPerIdentity:     cmp.Or(l.StreamsPerIdentity, others.StreamsPerIdentity),
		Topics:                 cmp.Or(l.Topics, others.Topics),
		Commands:               cmp.Or(l.Commands, others.Commands),
		CommandsPerAddress:     cmp.Or(l.CommandsPerAddress, others.CommandsPerAddress),
		CommandBytes:           cmp.Or(l.CommandBytes, others.CommandBytes),
		CommandBytesPerAddress: cmp.Or(l.CommandBytesPerAddress, others.CommandBytesPerAddress),
		PagesPerAddress:        cmp.Or(l.PagesPerAddress, others.PagesPerAddress),
		StateBytesPerAddress:   cmp.Or(l.StateBytesPerAddress, others.StateBytesPerAddress),
		None:                   l.None || others.None,
	}
}

// maxCommand is what a command without a length counts: the largest that is read.
const maxCommand = 64 << 10

var (
	errTooMany      = fault.New(fault.RateLimited, "that is too much at once: try again in a moment")
	errTooManyThere = fault.New(fault.RateLimited, "there is too much at once from your address: try again in a moment")
)

// limiters count what clients do.
type limiters struct {
	commands, commandsPerAddress, commandBytes, commandBytesPerAddress, pagesPerAddress, stateBytesPerAddress *access.Limiter
}

func newLimiters(l Limits) limiters {
	return limiters{
		limiter(l.Commands), limiter(l.CommandsPerAddress), limiter(l.CommandBytes), limiter(l.CommandBytesPerAddress),
		limiter(l.PagesPerAddress), limiter(l.StateBytesPerAddress),
	}
}

// limiter returns none for no rate.
func limiter(r access.Rate) *access.Limiter {
	if r == (access.Rate{}) {
		return nil
	}
	return access.NewLimiter(r)
}

// command counts one of a request, before its body is read.
func (l *limiters) command(r *http.Request, identity string) error {
	size := int(min(r.ContentLength, maxCommand))
	if size < 0 {
		size = maxCommand
	}
	client, known := httpd.Client(r)
	if known && (!l.commandsPerAddress.Allow(client, 1) || !l.commandBytesPerAddress.Allow(client, size)) {
		return errTooManyThere
	}
	switch {
	case identity != "" && (!l.commands.Allow(identity, 1) || !l.commandBytes.Allow(identity, size)):
		return errTooMany
	case identity == "" && known && !l.commandBytes.Allow("address "+client, size):
		return errTooManyThere
	}
	return nil
}

// page counts a view of a page.
func (l *limiters) page(r *http.Request) error {
	if client, known := httpd.Client(r); known && !l.pagesPerAddress.Allow(client, 1) {
		return errTooManyThere
	}
	return nil
}

// state returns the function that counts a value of a state once it is known, or a refusal if
// there have been too many.
func (l *limiters) state(r *http.Request) (count func(value []byte), err error) {
	client, known := httpd.Client(r)
	if !known {
		return func([]byte) {}, nil
	}
	if !l.stateBytesPerAddress.Allow(client, 1) {
		return nil, errTooManyThere
	}
	return func(value []byte) { l.stateBytesPerAddress.Take(client, len(value)) }, nil
}
