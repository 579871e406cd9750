package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/inspect"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/shared/chat"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/vitals"
	"github.com/seawaykit/seaway/shared/wire"
)

// A stream brings a source's events to the home component, which lives on
// go-app's goroutine: what a burst changes is collected on the source's own and
// dispatched once, so that a burst is one redraw.
type stream struct {
	src     *source.Source
	record  *inspect.Record
	changes []func(*home)
}

// openStream follows the room and the clock from where the snapshot ends.
func openStream(ctx app.Context, h *home) *stream {
	s := &stream{src: source.New(source.Options{
		Topics: []string{chat.Topic(h.room), vitals.Clock},
		After:  h.state.Position,
		Last:   Last,

		Transport: transport(),
	})}
	s.record = inspect.Watch(s.src)
	source.On(s.src, chat.Posted, func(e event.Of[chat.Message]) {
		s.change(func(h *home) { h.list.Upsert(e) })
	})
	source.On(s.src, vitals.Ticked, func(e event.Of[vitals.Tick]) {
		s.change(func(h *home) { h.tick = e.Value })
	})
	s.src.OnReset(func(wire.ResetInfo) {
		s.change(func(h *home) { h.list.Clear() })
	})
	s.src.OnBatch(func() { s.dispatch(ctx, h) })
	s.src.OnState(func(state source.State) {
		ctx.Dispatch(func(app.Context) { h.state = state })
	})
	h.mute = !app.Window().Get("EventSource").Truthy()
	if err := s.src.Start(); err != nil {
		h.state = s.src.State()
		app.Log(err)
	}
	return s
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

// change and dispatch run on the source's goroutine.

func (s *stream) change(fn func(*home)) { s.changes = append(s.changes, fn) }

func (s *stream) dispatch(ctx app.Context, h *home) {
	changes := s.changes
	s.changes = nil
	ctx.Dispatch(func(app.Context) {
		for _, change := range changes {
			change(h)
		}
	})
}

func (s *stream) close() { s.src.Close() }
