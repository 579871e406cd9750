package live

import (
	"cmp"
	"context"
	"slices"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/event"
)

// defaultLast fills a screen several times, and is some 20 KB of HTML.
const defaultLast = 100

// Options configure a [Page]: the topics it follows, who the user is, how the
// stream is opened. Every field may be zero: a page without topics and states has no
// stream, keeps what is typed before the wasm runs, and needs no status line.
type Options struct {
	// Topics are followed for every user of the page.
	Topics []string
	// Last is how many of their newest events a page begins with, at first and after a
	// reset. Default 100.
	Last int
	// Carry says what the HTML carries: of one of Topics so many of its newest events,
	// and of a [State]'s topic its value, for any number above 0. What it leaves out
	// comes when the page is live. Default: the newest Last events of all Topics
	// together, and the values of all states.
	Carry map[string]int
	// After is the position to start from, for a page that brings its own first
	// state instead of calling [Page.Init].
	After event.ID

	// Words are the texts of the status line and the update bar. Default [English].
	Words *Words

	// User is the user, where the page knows it by its [User]: the values of [Own] are in
	// the HTML then, and nothing is asked. Without an ID the page asks by Identify.
	User Identity
	// Identify asks the server who the user is: normally one [command.Call]. It may
	// block: it runs on a goroutine of its own. Default: the user is anonymous.
	Identify func(context.Context) (Identity, error)
	// Own returns the topics that a page follows for this user besides. Events from
	// before the page was loaded are not sent for them. Default none.
	Own func(userID string) []string

	// Unsent reports whether a reload would lose input of the user, besides the text
	// in fields. Default never.
	Unsent func() bool

	// Source may change the options of the stream's source: the URL, the transport and
	// its fallback, the back-off. Topics, After, Last and User are set already.
	Source func(*source.Options)
	// OnSource is called with each source before it starts: once, and again when
	// the user has changed. The package inspect watches one.
	OnSource func(*source.Source)
}

// A Page subscribes to events for a component. Make one with [New] in OnInit.
type Page struct {
	opts     Options
	bindings []binding
	resets   []func()
	states   []func(source.State)
	users    []func(Identity)

	first    any      // what the HTML carries; nil in the browser
	position event.ID // of the newest applied event
	covered  []string // the topics whose events have been applied up to it
	missing  []string // those that the page has nothing of: see beside.go
	state    source.State
	user     Identity
	asking   bool // the server is being asked who the user is
	refusals int  // of streams for a user, since one was live

	kinds  map[string]bool // of states whose event types are bound
	values []*copied

	followed   []string // given to Follow
	unfollowed []string // given to Unfollow, which may be among the page's own

	typed        *typed        // before the wasm ran; nil when it has been restored
	held         *heldForm     // sent before that; nil when it has been sent again
	nonce        string        // of Key
	idle         bool          // it is mounted and follows nothing
	view         view          // while the page is mounted
	subscription *subscription // nil until the page follows anything
}

// New returns a page that is not subscribed yet.
func New(opts Options) *Page {
	opts.Last, opts.Words = cmp.Or(opts.Last, defaultLast), cmp.Or(opts.Words, &English)
	if opts.User.ID != "" {
		opts.Identify = nil
	}
	return &Page{
		opts: opts, user: opts.User, position: opts.After, typed: takeTyped(),
		state: source.State{Phase: source.Connecting, Position: opts.After},
	}
}

// Init applies the events that the first HTML is drawn from. Call it in OnInit,
// after On, OnReset and the other registrations.
func (p *Page) Init() {
	f := load(p.request())
	if !p.apply(f) {
		return
	}
	p.report()
	p.state.Position = p.position
	if app.IsServer {
		p.first = f
	}
}

// request returns what the HTML is drawn from.
func (p *Page) request() request {
	return request{topics: p.carriedOf(p.opts.Topics), last: p.opts.Last, each: p.opts.Carry, states: p.carriedOf(p.valueTopics())}
}

// carriedOf returns those of some topics that the HTML carries.
func (p *Page) carriedOf(topics []string) []string {
	if p.opts.Carry == nil {
		return topics
	}
	return slices.DeleteFunc(slices.Clone(topics), func(topic string) bool { return p.opts.Carry[topic] == 0 })
}

// Mount opens the stream. Call it in OnMount with its context.
func (p *Page) Mount(ctx app.Context) {
	p.mount(viewOf(ctx))
	p.restore()
	if s := script(); s.Truthy() {
		s.Set("late", app.FuncOf(func(app.Value, []app.Value) any {
			ctx.Dispatch(func(app.Context) { p.inherit() })
			return nil
		}))
	}
}

// inherit takes over the changes of tabs that have ended since the page was loaded.
func (p *Page) inherit() {
	for _, v := range p.values {
		if v.queue != nil {
			v.queue.Inherit()
		}
	}
}

func (p *Page) mount(v view) {
	p.view = v
	for _, v := range p.values {
		if v.queue != nil {
			v.queue.Restore()
			v.queue.SendNext()
		}
	}
	p.open()
}

// Close closes the stream that Mount opened. Call it in OnDismount. The position
// stays, and Mount goes on from there.
func (p *Page) Close() {
	p.idle = false
	if p.subscription != nil {
		p.subscription.src.Close()
		p.subscription = nil
	}
}

// State returns the state of the stream, [source.Connecting] at first.
func (p *Page) State() source.State { return p.state }

// Source returns the source of the stream, nil before Mount.
func (p *Page) Source() *source.Source {
	if p.subscription == nil {
		return nil
	}
	return p.subscription.src
}
