package live

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/shared/event"
)

// firstID is the id of the element that carries the first events.
const firstID = "seaway-first"

// A request is what a page's HTML is drawn from.
type request struct {
	topics []string
	last   int            // so many events of all topics together
	each   map[string]int // or so many of each topic, if it is not nil
	states []string       // the topics of states
}

// first holds the events that the first HTML is drawn from.
type first struct {
	Topics   []string       `json:"topics"`
	Events   []carried      `json:"events"`
	Position event.ID       `json:"position"` // up to which they are complete
	States   []carriedState `json:"states"`
	// Versions describes the event types of the program that wrote this. The program
	// that reads it may come from the service worker's cache, and be older.
	Versions event.Versions `json:"versions"`
}

// A carried event is one of the first events, with the forms that older builds
// read.
type carried struct {
	ID    event.ID  `json:"id"`
	Topic string    `json:"topic"`
	At    time.Time `json:"at"`
	form
	Older []form `json:"older,omitempty"`
}

// A carriedState is the state of a topic, or its window, as the server has it.
type carriedState struct {
	Topic    string          `json:"topic"`
	Type     string          `json:"type"` // fingerprint of the value's
	Position event.ID        `json:"position"`
	Value    json.RawMessage `json:"value"`
	More     bool            `json:"more,omitempty"` // of older items: whether there are more
}

type form struct {
	Type string          `json:"type"`
	Data json.RawMessage `json:"data"`
}

// Carry draws the element that carries the first events to the browser.
// [Page.Shell] includes it; a page without a shell draws it anywhere, on the
// server and in the browser.
func (p *Page) Carry() app.UI { return goapp.Carry(firstID, p.first) }

// apply applies what the server has left, and reports whether there was anything.
func (p *Page) apply(f first) bool {
	known := p.applyEvents(f)
	if known {
		p.position, p.missing = f.Position, without(p.opts.Topics, f.Topics)
	} else {
		p.missing = p.beside()
	}
	for _, v := range p.values {
		for _, c := range f.States {
			if v.load(c) {
				p.startAt(c.Position, known)
				known = true
			}
		}
	}
	return known
}

// startAt lets the stream begin no later than at a position.
func (p *Page) startAt(position event.ID, known bool) {
	if !known || position.Seq() < p.position.Seq() {
		p.position = position
	}
}

// applyEvents applies events unless this program would misread any, or they are of
// other topics than the page's, and reports whether it has.
func (p *Page) applyEvents(f first) bool {
	if f.Position.IsZero() || !slices.Equal(f.Topics, p.carriedOf(p.opts.Topics)) || event.Misread(f.Versions, p.uses()...) != "" {
		return false
	}
	for _, e := range f.Events {
		for _, as := range slices.Concat([]form{e.form}, e.Older) {
			if p.applyAs(as, event.Meta{ID: e.ID, Topic: e.Topic, At: e.At}) {
				break
			}
		}
	}
	return true
}

// applyAs applies an event in one of its forms, and reports whether the page uses
// that one. An event that cannot be decoded is left out, as of a stream.
func (p *Page) applyAs(as form, m event.Meta) (used bool) {
	for _, b := range p.bindings {
		if !slices.Contains(b.forms, as.Type) {
			continue
		}
		used = true
		if apply, err := b.decode(as.Type, m, as.Data); err != nil {
			app.Log(err)
		} else {
			apply()
		}
	}
	return used
}
