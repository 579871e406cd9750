package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/inspect"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
	"github.com/seawaykit/seaway/shared/sample/vitals"
	"github.com/seawaykit/seaway/shared/wire"
)

// afterReset is how many retained events rebuild the pages when what they knew
// is void.
const afterReset = 1000

// A feed brings a source's events to a tab, which lives on go-app's goroutine:
// what a burst changes is collected on the source's own and dispatched once, so
// that a burst is one redraw.
type feed struct {
	src     *source.Source
	record  *inspect.Record
	user    string // whom it was opened for
	refused bool   // as the server has no such guest
	changes []func(*model)
}

// newFeed returns a feed of everything that any page shows, from where the tab
// is. It is not started.
func newFeed(t *tab) *feed {
	f := &feed{user: t.me.ID, src: source.New(source.Options{
		Topics: topics(t.me.ID), User: t.me.ID,
		After: t.position, Last: afterReset,
		Transport: transport(),
	})}
	f.record = inspect.Watch(f.src)
	into(f, chat.Posted, (*model).posted)
	into(f, chat.Edited, (*model).edited)
	into(f, chat.Removed, (*model).removed)
	into(f, vitals.Sampled, (*model).sampled)
	into(f, vitals.Ticked, (*model).ticked)
	into(f, guest.Present, (*model).present)
	into(f, inbox.Noticed, (*model).noticed)
	into(f, inbox.Marked, (*model).marked)
	f.src.OnReset(func(wire.ResetInfo) { f.changes = append(f.changes, (*model).reset) })
	f.src.OnBatch(func() { f.dispatch(t) })
	f.src.OnState(func(s source.State) {
		t.ctx.Dispatch(func(app.Context) {
			if t.feed == f {
				t.stateChanged(s)
			}
		})
	})
	return f
}

// topics are all that the pages of a guest follow.
func topics(guestID string) []string {
	var all []string
	for _, r := range chat.Rooms {
		all = append(all, chat.Topic(r.Name))
	}
	all = append(all, vitals.Clock, vitals.Wall, guest.Here)
	if guestID != "" {
		all = append(all, inbox.Topic(guestID), inbox.MarkTopic(guestID))
	}
	return all
}

// transport returns the one that the page's address names, for those who want to
// compare: ?transport=longpoll or websocket. Otherwise the source chooses.
func transport() source.Transport {
	switch app.Window().URL().Query().Get("transport") {
	case "longpoll":
		return source.LongPoll{}
	case "websocket":
		return &source.WebSocket{}
	}
	return nil
}

// What follows runs on the source's goroutine.

// into has a feed apply the events of a type.
func into[T any](f *feed, t event.Type[T], apply func(*model, event.Of[T])) {
	source.On(f.src, t, func(e event.Of[T]) {
		f.changes = append(f.changes, func(m *model) { apply(m, e) })
	})
}

// dispatch hands over what has been collected, with the position it leads to. A
// feed whose place another has taken changes nothing any more: the other began
// where the tab was.
func (f *feed) dispatch(t *tab) {
	changes, position := f.changes, f.src.State().Position
	f.changes = nil
	t.ctx.Dispatch(func(app.Context) {
		if t.feed != f {
			return
		}
		for _, change := range changes {
			change(&t.model)
		}
		t.position = position
	})
}
