package live

import (
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/shared/event"
)

// A note is what the tests' pages show. An older build has it as a text.
type note struct{ Text string }

var (
	written = event.Define[note]("note.written.2")
	wrote   = event.Define[string]("note.written")
	_       = event.Define[note]("note.erased") // that no page uses
)

func init() {
	event.Upcast(wrote, written,
		func(text string) note { return note{text} },
		func(n note) string { return n.Text })
}

func id(seq uint64) event.ID { return event.NewID("e1", seq, "k") }

// A rig is a page with a list of notes, and the server of its stream.
type rig struct {
	*Page
	server *sourcetest.Transport
	shown  []string
	events []event.Of[note] // never forgotten
}

func newRig(opts Options) *rig {
	r := &rig{server: sourcetest.NewTransport()}
	opts.Topics = []string{"notes"}
	opts.Source = func(o *source.Options) {
		o.Transport, o.Storage, o.OriginStorage = r.server, &sourcetest.Storage{}, &sourcetest.Storage{}
		o.Environment, o.Rand, o.Pace = &sourcetest.Environment{}, func() float64 { return 0 }, -1
	}
	r.Page = New(opts)
	On(r.Page, written, func(e event.Of[note]) {
		r.shown = append(r.shown, e.Value.Text)
		r.events = append(r.events, e)
	})
	r.OnReset(func() { r.shown = nil })
	return r
}
