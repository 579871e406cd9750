package main

import (
	"context"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
	"github.com/seawaykit/seaway/app/guard"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/server/poll"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"

	"example.com/me/app/app/page"
	"example.com/me/app/shared/notes"
	"example.com/me/app/web"
)

// site wires the log to the pages.
type site struct {
	log     eventlog.Log
	hub     *fanout.Hub
	streams *sse.Handler
	handler http.Handler
}

func newSite(log eventlog.Log) (*site, error) {
	s := &site{log: log, hub: fanout.New(log, fanout.Options{Encode: sse.EncodeEvent})}
	s.streams = sse.NewHandler(s.hub, sse.Options{Authorize: mayFollow})

	commands, err := s.commands()
	if err != nil {
		return nil, err
	}
	files, err := web.Files()
	if err != nil {
		return nil, err
	}
	page.Routes(s.snapshot)

	mux := http.NewServeMux()
	mux.Handle("/events", s.streams)
	mux.Handle("/poll", poll.NewHandler(s.streams)) // where a stream does not get through
	mux.Handle(command.PathPrefix, commands)
	mux.Handle("/web/", files)
	mux.Handle("/", guard.Handler(guard.Options{
		Name:   "Notes",
		Color:  "#0b1f2a",
		Styles: []string{"/web/app.css"},
		Icon:   app.Icon{SVG: "/web/icon.svg"},
		Assets: guard.Assets{URL: files.URL, Version: files.Version(), WasmSize: files.WasmSize()},
	}))
	s.handler = mux
	return s, nil
}

// commands are what pages can ask for.
func (s *site) commands() (*command.Mux, error) {
	mux, err := command.NewMux(command.Options{Authorize: mayCall})
	if err != nil {
		return nil, err
	}
	command.Handle(mux, notes.Write, s.write)
	return mux, nil
}

// mayFollow and mayCall say who may do what. Here everybody may do all there is;
// without them nobody may do anything.
func mayFollow(_ *http.Request, topics []string) (identity string, err error) {
	if slices.ContainsFunc(topics, func(t string) bool { return t != notes.Topic }) {
		return "", fault.New(fault.Forbidden, "this topic is not public")
	}
	return "", nil
}

func mayCall(_ *http.Request, _ string) (identity string, err error) { return "", nil }

// write publishes a note. The key makes a retry of the same call safe.
func (s *site) write(ctx context.Context, req notes.WriteRequest) (notes.WriteReply, error) {
	if req.Text == "" {
		return notes.WriteReply{}, fault.Field("text", "the note is empty")
	}
	note := notes.Note{Text: req.Text, At: time.Now().UTC()}
	id, err := notes.Written.Publish(ctx, s.log, notes.Topic, note, command.Once(ctx))
	return notes.WriteReply{ID: id}, err
}

// snapshot is what the page shows at first.
func (s *site) snapshot() (shown page.Snapshot) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	events, after, err := s.hub.Snapshot(ctx, []string{notes.Topic}, page.Last)
	if err != nil {
		return shown // the page fills from the stream
	}
	for _, e := range events {
		shown.Apply(e)
	}
	shown.After = after
	return shown
}

// serve answers until ctx ends, and then says goodbye to the streams.
func (s *site) serve(ctx context.Context, listener net.Listener) error {
	server := httpd.New(s.handler, httpd.Options{})
	feeding, stop := context.WithCancel(context.Background())
	failed := make(chan error, 2)
	go func() { failed <- s.hub.Run(feeding) }()
	go func() { failed <- server.Serve(listener) }()

	var err error
	running := 2
	select {
	case <-ctx.Done():
	case err = <-failed:
		running--
	}
	grace, cancel := context.WithTimeout(context.Background(), 4*time.Second)
	defer cancel()
	if s.streams.Shutdown(grace) != nil || server.Shutdown(grace) != nil {
		server.Close()
	}
	stop()
	for range running {
		<-failed
	}
	return err
}
