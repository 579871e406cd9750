package live

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

const (
	// readAgain is how long a page waits before it asks again for a state that it
	// could not get, doubled each time up to readAtMost.
	readAgain = time.Second
	// joinPause is how long it waits for its stream to have the topic.
	joinPause  = 100 * time.Millisecond
	readAtMost = 30 * time.Second
)

// A copied state is a [Value] without its type: how far the page's copy of a state has
// come, and whether it must be read.
type copied struct {
	page  *Page
	of    value
	topic string // empty while the user is not known
	own   bool   // the key is the user's ID

	onChange []func(replaced bool)
	changed  bool // since these were called
	replaced bool

	at      event.ID      // the events of the topic up to it are in the value; zero until there is one
	stale   bool          // a value must be read
	reading bool          // one is being read
	outrun  bool          // a reset has come since that was asked for
	held    []event.Event // what has come meanwhile
	pause   time.Duration // before the next try
	misfit  bool          // the server's value is of another type than this build's

	queue state.Queue // of changes; nil if the kind has no mutations
	older olderItems
}

// enter follows the topic on a page that is mounted already. isNew says that the value
// is the first of its kind.
func (v *copied) enter(isNew bool) {
	p := v.page
	switch {
	case p.idle:
		p.follow()
	case p.subscription == nil:
	case isNew: // a source cannot learn event types while it runs
		p.follow()
	default:
		if err := p.subscription.src.Follow(v.topic); err != nil {
			app.Log(err) // the key cannot be in a topic
		}
		v.refresh()
	}
}

// take folds an event into the value, unless it includes it already.
func (v *copied) take(e event.Event) {
	switch {
	case v.stale:
		v.held = append(v.held, e)
	case e.ID().Seq() > v.at.Seq():
		if err := v.of.fold(e); err != nil {
			app.Log(err) // the server may be able to
			v.reset()
			v.refresh()
			return
		}
		v.at = e.ID()
		v.changed = true
		if v.queue != nil {
			v.queue.Confirm(e)
		}
		v.replaced = v.replaced || e.Type() == state.Erased.Name()
		v.noteOlder(e)
	}
}

// load replaces the value, if this program can read it, and folds what has come
// since.
func (v *copied) load(c carriedState) bool {
	if c.Topic != v.topic || c.Position.IsZero() {
		return false
	}
	fits, err := v.of.set(c)
	if v.misfit = !fits; v.misfit {
		return false
	}
	if err != nil {
		app.Log(err)
		return false
	}
	v.at, v.stale, v.pause = c.Position, false, 0
	v.changed, v.replaced = true, true
	v.replaceOlder()
	if v.queue != nil {
		v.queue.Settle()
	}
	held := v.held
	v.held = nil
	for _, e := range held {
		if e.ID().Epoch() == v.at.Epoch() {
			v.take(e)
		}
	}
	return true
}

// reset has the value replaced. Until then the old one is shown. An answer that is on
// its way may be older than what comes after the reset.
func (v *copied) reset() {
	v.stale, v.held, v.outrun = true, nil, v.reading
	v.endOlder(errOutrun)
}

// belong makes a value that is the user's own that of another user.
func (v *copied) belong(user string) {
	topic := ""
	if user != "" {
		topic = v.of.topicOf(user)
	}
	if !v.own || topic == v.topic {
		return
	}
	v.reset()
	v.of.clear()
	v.topic, v.at, v.pause = topic, event.ID{}, 0
	v.changed, v.replaced = true, true
	if v.queue != nil { // of another user's changes
		v.queue.Abandon()
		v.queue.Restore()
	}
}

// report calls the functions given to OnChange, if there is anything to report.
func (v *copied) report() {
	if !v.changed {
		return
	}
	replaced := v.replaced
	v.changed, v.replaced = false, false
	for _, fn := range v.onChange {
		fn(replaced)
	}
}

// refresh reads a value that is stale. The stream must be live: what it brings after
// the value is then held.
func (v *copied) refresh() {
	p := v.page
	if v.topic == "" || !v.stale || v.reading || p.subscription == nil || p.state.Phase != source.Live {
		return
	}
	v.reading, v.outrun = true, false
	if !slices.Contains(p.subscription.src.Topics(), v.topic) {
		v.after(joinPause) // the stream does not have the topic yet
		return
	}
	url := "/state?window&topic=" + v.topic + v.width() // which may be another when the answer is there
	p.view.runAsync(func() func() {
		status, body, err := p.view.read(url)
		return func() {
			v.reading = false
			if v.outrun {
				v.refresh()
			} else if !v.read(status, body, err) {
				v.pause = min(max(2*v.pause, readAgain), readAtMost)
				v.after(v.pause)
			}
			v.report()
		}
	})
}

// read takes the server's answer, and reports whether that ends the matter.
func (v *copied) read(status int, body []byte, err error) bool {
	if err != nil || status >= 500 || status == 429 {
		return false
	}
	var c carriedState
	if status != 200 || json.Unmarshal(body, &c) != nil {
		app.Log("the state of", v.topic, "was refused with status", status)
		return true
	}
	if v.held != nil && v.held[0].ID().Epoch() != c.Position.Epoch() {
		return false // of a log that has been replaced since
	}
	c.Topic = v.topic
	return v.load(c)
}

// after refreshes the value after a while.
func (v *copied) after(d time.Duration) {
	v.reading = true
	time.AfterFunc(d, func() {
		v.page.view.dispatch(func() {
			v.reading = false
			v.refresh()
		})
	})
}
