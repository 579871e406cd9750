package page

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/inspect"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// A tab is what one tab of a browser knows and follows. It outlives the pages
// that the reader goes to in it: there is one stream for all of them. Everything
// but its feed's functions runs on go-app's goroutine.
type tab struct {
	model
	carried  string   // the snapshot's text
	position event.ID // up to which the model is complete
	draft    draft    // what was typed before the wasm ran
	drafts   drafts   // what has been typed since, and not been sent

	ctx    app.Context // of the root, which is mounted as long as the tab lives
	me     guest.Guest
	feed   *feed // nil until the tab follows anything
	record *inspect.Record
	state  source.State
	mute   bool // the browser has no EventSource
	known  bool // the inbox has been read
	local  bool // times are shown in the reader's own zone
	asking bool // the server is being asked who the reader is

	refusals int // of streams for a guest, since one was live
}

// maxRefusals is how many streams for a guest are tried in a row. Two suffice
// when tabs that were opened at once took each other's cookie away, and a third
// when an answer was older than that. A browser that keeps no cookies is somebody
// else each time it asks: there is no end to that.
const maxRefusals = 3

// newTab returns a tab that shows a snapshot and follows nothing yet.
func newTab(s Snapshot, carried string) *tab {
	return &tab{
		model: newModel(s), carried: carried, position: s.Position, drafts: drafts{},
		state: source.State{Phase: source.Connecting, Position: s.Position},
	}
}

// guestKey is where the browser keeps who the server has said the reader is. The
// cookie that proves it cannot be read.
const guestKey = "guest"

// open begins to follow. Whoever was here before is followed for at once, and
// asked about meanwhile; a first visit has to ask first.
func (t *tab) open(ctx app.Context) {
	t.ctx, t.local = ctx, true
	t.mute = !app.Window().Get("EventSource").Truthy()
	if err := ctx.LocalStorage().Get(guestKey, &t.me); err != nil {
		app.Log(err)
	}
	if t.me.ID != "" {
		t.follow()
	}
	t.ask()
}

// close ends what open began.
func (t *tab) close() {
	if t.feed != nil {
		t.feed.src.Close()
	}
}

// follow opens the stream, in the place of another if there is one.
func (t *tab) follow() {
	t.close()
	t.feed = newFeed(t)
	t.record = t.feed.record
	if err := t.feed.src.Start(); err != nil {
		t.state = t.feed.src.State()
		app.Log(err)
	}
}

// ask finds out who the reader is and what is in the inbox. If it is somebody
// else than the stream was opened for, or it was refused or not opened yet, it is
// opened now. Without an answer the public topics have to do.
func (t *tab) ask() {
	if t.asking {
		return
	}
	t.asking = true
	t.ctx.Async(func() {
		me, err := command.Call(context.Background(), guest.Whoami, guest.WhoamiRequest{})
		t.ctx.Dispatch(func(app.Context) { t.told(me, err) })
	})
}

func (t *tab) told(me guest.Guest, err error) {
	t.asking = false
	if err != nil {
		app.Log("who am I:", err)
	} else {
		t.become(me)
	}
	if t.feed == nil || t.feed.user != t.me.ID || t.feed.refused {
		t.follow()
	}
	t.readInbox()
}

// become takes a guest up as the reader. What was another's is not shown.
func (t *tab) become(me guest.Guest) {
	if me.ID != t.me.ID {
		t.notices, t.known = notices{}, false
	}
	t.me = me
	if err := t.ctx.LocalStorage().Set(guestKey, me); err != nil {
		app.Log(err)
	}
	if name := field(authorID); me.Name != "" && name.text() == "" {
		name.set(me.Name)
	}
}

// stateChanged takes a new state of the stream.
func (t *tab) stateChanged(s source.State) {
	t.state = s
	f, refused := t.feed, s.Phase == source.Refused
	again := f.refused
	f.refused = refused
	switch {
	case f.user != "" && refused && !again:
		t.refused()
	case f.user != "" && s.Phase == source.Live:
		t.refusals = 0
	case s.Phase == source.Live && t.refusals < maxRefusals: // there was no answer before
		t.ask()
	}
}

// refused is told that the stream was refused. The guest that it was opened for
// may not be the cookie's any more, so the server is asked who the reader is now.
// In the end the reader is nobody, and has what is public.
func (t *tab) refused() {
	if t.refusals++; t.refusals < maxRefusals {
		t.ask()
		return
	}
	t.become(guest.Guest{})
	t.follow()
}

// nobody reports whether the server has given up to know the reader.
func (t *tab) nobody() bool { return t.me.ID == "" && t.refusals >= maxRefusals }

// noCookie is why the reader is nobody.
const noCookie = "The server cannot tell who you are: your browser keeps no cookie of this site."
