package page

import (
	"context"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/inspect"
	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/presence"
	"github.com/seawaykit/seaway/shared/sample/board"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
	"github.com/seawaykit/seaway/shared/sample/vitals"
)

const (
	// chartSamples fill a chart: one a second.
	chartSamples = int(vitals.Window / time.Second)
	// frontTicks are the newest ticks that the front page begins with.
	frontTicks = 12
	// fewNodes is up to how many nodes on one log a page's charts are full at first.
	// With more nodes they begin later.
	fewNodes = 4
	// lastEvents is how many events a page begins with that has none from its HTML: the
	// samples of a few nodes, and all ticks that are retained.
	lastEvents = chartSamples*fewNodes + int(vitals.ClockWindow/time.Second)
)

// A session is what one browser tab shows, and its subscription. It stays while the
// user goes from page to page: there is one stream for all of them. It is used on
// go-app's goroutine only.
type session struct {
	*model
	page         *live.Page
	histories    map[string]*live.Value[chat.History] // by room
	boards       map[string]*live.Value[board.Board]  // by name
	boardChanges int
	boardTopic   string // of the board that is shown
	boardHere    *live.Value[presence.Here[guest.Guest]]
	inbox        *live.Value[inbox.Inbox]
	record       *inspect.Record

	ctx   app.Context // of the root, which stays mounted
	local bool        // times are shown in the user's zone
}

// newSession returns a session that begins at a path. It shows what the server has read
// for that, on the server and in the browser, and is not subscribed yet.
func newSession(path string) *session {
	s := &session{model: newModel(), histories: map[string]*live.Value[chat.History]{}, boards: map[string]*live.Value[board.Board]{}}
	s.words = words.In(live.PageLanguage())
	s.page = live.New(live.Options{
		Topics: topicsAt(path), Carry: carriedAt(path), Last: lastEvents,
		Identify: whoami, Words: s.words.Language.Words,
		Unsent: s.unsent,
		Source: func(o *source.Options) { o.Transport = transportFromURL() },
		OnSource: func(src *source.Source) {
			s.record = inspect.Watch(src)
			src.OnTrace(s.console.trace)
		},
	})
	s.followStates()
	here := live.Presence(s.page, guest.Here, presence.Site)
	here.OnChange(func(bool) { s.presence = presentOf(here.Now()) })
	s.showBoard(path)
	live.On(s.page, vitals.Sampled, s.sampled)
	live.On(s.page, vitals.Ticked, s.ticked)
	s.page.OnReset(s.reset)
	s.page.OnUser(s.identified)
	s.page.Init()
	s.start = s.page.State().Position
	return s
}

// topicsAt returns the topics that a session which begins at a path follows, besides its
// states: the samples are followed from the first view of the dashboard on.
func topicsAt(path string) []string {
	topics := []string{vitals.ClockTopic}
	if viewOf(path) == dashboardView {
		topics = append(topics, vitals.SamplesTopic)
	}
	return topics
}

// carriedAt returns what the HTML of a path carries: what it shows, and no more. The
// states of the other pages come when the page is live.
func carriedAt(path string) map[string]int {
	carry := map[string]int{vitals.ClockTopic: 1}
	switch viewOf(path) {
	case frontView:
		carry[vitals.ClockTopic] = frontTicks
	case messagesView:
		carry[chat.Topic(roomOf(path))], carry[guest.Here.Topic(presence.Site)] = 1, 1
	case boardView:
		topic := board.Boards.Topic(strings.TrimPrefix(path, boardPath))
		carry[topic], carry[guest.Here.Topic(topic)] = 1, 1
	case dashboardView:
		carry[vitals.SamplesTopic], carry[guest.Here.Topic(presence.Site)] = chartSamples*fewNodes, 1
	}
	return carry
}

// showBoard follows who is at the board that a path shows. The user is there as long.
func (s *session) showBoard(path string) {
	topic := ""
	if viewOf(path) == boardView {
		topic = board.Boards.Topic(strings.TrimPrefix(path, boardPath))
	}
	if topic == s.boardTopic {
		return
	}
	if s.boardHere != nil {
		s.boardHere.Close()
	}
	s.boardTopic, s.boardHere, s.atBoard = topic, nil, present{}
	if topic != "" {
		here := live.Presence(s.page, guest.Here, topic)
		here.OnChange(func(bool) { s.atBoard = presentOf(here.Now()) })
		s.boardHere = here
	}
}

// show follows what the page at a path shows, if the session does not yet.
func (s *session) show(path string) {
	s.showBoard(path)
	if viewOf(path) == dashboardView {
		if err := s.page.Follow(vitals.SamplesTopic); err != nil { // a constant is a topic
			app.Log(err)
		}
	}
}

// followStates shows the rooms and the user's inbox. An event is folded into its state
// before the function for it is called.
func (s *session) followStates() {
	for _, r := range chat.Rooms {
		history := live.State(s.page, chat.Histories, r.Name)
		history.OnChange(func(replaced bool) { s.historyChanged(r.Name, history, replaced) })
		s.histories[r.Name] = history
	}
	live.On(s.page, chat.Posted, func(e event.Of[chat.Message]) {
		s.inRoom(e.Topic, func(room string, h chat.History) { s.lineChanged(room, h, e.Value.ID) })
	})
	live.On(s.page, chat.Edited, func(e event.Of[chat.Message]) {
		s.inRoom(e.Topic, func(room string, h chat.History) { s.edited(room, h, e.Value) })
	})
	live.On(s.page, chat.Removed, func(e event.Of[chat.Removal]) {
		s.inRoom(e.Topic, func(room string, h chat.History) { s.removed(room, h, e.Value.ID) })
	})
	for _, name := range board.Names {
		s.boards[name] = live.State(s.page, board.Boards, name)
		s.boards[name].OnChange(func(bool) { s.boardChanges++ })
	}
	s.inbox = live.Own(s.page, inbox.Inboxes)
	s.inbox.OnChange(func(bool) { s.notices.show(s.inbox.Now()) })
}

// historyChanged shows a room as its state has become, with the user's own changes.
func (s *session) historyChanged(room string, v *live.Value[chat.History], replaced bool) {
	s.roomChanged(room, v.Confirmed(), replaced)
	if replaced {
		s.older[room] = olderAre(v.HasOlder(s.oldest(room, v.Confirmed())))
	}
	if !s.discardDone(room) { // which calls this again
		s.showChanges(room, v.Now, v.Pending(), v.Failed())
	}
}

// unsent reports whether the user has changes that the server does not have.
func (s *session) unsent() bool {
	for _, v := range s.histories {
		if len(v.Pending())+len(v.Failed()) > 0 {
			return true
		}
	}
	return false
}

// inRoom calls fn with the room of a topic, if the pages show it.
func (s *session) inRoom(topic string, fn func(room string, h chat.History)) {
	room := chat.RoomOf(topic)
	if history := s.histories[room]; history != nil {
		fn(room, history.Confirmed())
	}
}

// transportFromURL returns the transport that the page's address names, for
// comparison: ?transport=longpoll or websocket. Otherwise the source chooses.
func transportFromURL() transport.Transport {
	switch app.Window().URL().Query().Get("transport") {
	case "longpoll":
		return transport.LongPoll{}
	case "websocket":
		return &transport.WebSocket{}
	}
	return nil
}

// open opens the stream.
func (s *session) open(ctx app.Context) {
	s.ctx, s.local, s.ticks.counting = ctx, true, true
	s.page.Mount(ctx)
}

// whoami asks the server who the user is.
func whoami(ctx context.Context) (live.Identity, error) {
	g, err := command.Call(ctx, guest.Whoami, guest.WhoamiRequest{})
	return live.Identity{ID: g.ID, Name: g.Name}, err
}

// identified takes the user, and fills in the name. Changes that were kept since the last
// page are shown as the user's.
func (s *session) identified(u live.Identity) {
	another := s.me.ID != u.ID
	s.me = guest.Guest{ID: u.ID, Name: u.Name}
	for room, v := range s.histories {
		if another {
			s.showChanges(room, v.Now, v.Pending(), v.Failed())
		}
	}
	if name := field(authorID); u.Name != "" && name.text() == "" {
		name.set(u.Name)
	}
}

// rename gives the user another name. If the server refuses, failed is called in
// the context of the component that asks: only that one, and those around it, are
// redrawn.
func (s *session) rename(ctx app.Context, name string, failed func(reason string)) {
	ctx.Async(func() {
		me, err := command.Call(context.Background(), guest.Rename, guest.RenameRequest{Name: name})
		if err != nil {
			ctx.Dispatch(func(app.Context) { failed(s.words.Language.Words.Message(err)) })
			return
		}
		s.ctx.Dispatch(func(app.Context) { s.page.SetUser(live.Identity{ID: me.ID, Name: me.Name}) })
	})
}
