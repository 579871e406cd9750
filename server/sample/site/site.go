package site

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"github.com/seawaykit/seaway/app/sample/page"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/server/ops"
	"github.com/seawaykit/seaway/server/poll"
	"github.com/seawaykit/seaway/server/sample/transports"
	"github.com/seawaykit/seaway/server/socket"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
	"github.com/seawaykit/seaway/web"
)

// Options configure a [Site]. Log must be set.
type Options struct {
	Log eventlog.Log

	// SessionKey signs guests' cookies: 32 random bytes, the same on every node.
	// Default random ones, with which guests last as long as the Site.
	SessionKey []byte

	// Node names this Site among those that share the log. Each must have a name
	// of its own, and should keep it over a restart. Default empty, for one that
	// has the log to itself.
	Node string

	Origins []string      // other origins whose pages may use this server
	Build   string        // the program's version
	Beat    time.Duration // the longest silence of a stream; default that of package sse
	Limits  Limits
	Logger  *slog.Logger // default slog.Default()

	// Access is where requests are logged, in the combined format. Default
	// nowhere.
	Access io.Writer
}

// Limits bound what clients may take. The zero value of each field stands for
// the default that package sse states.
type Limits struct{ Streams, StreamsPerAddress, Topics int }

// A Site is the sample's server without its listener. Make it with [New], then
// Run it beside serving its Handler.
type Site struct {
	opts     Options
	hub      *fanout.Hub
	streams  *sse.Handler
	lanes    *transports.Lanes
	sessions *sessions.CookieStore
	log      *stopwatch // what the site itself appends to
	names    roster
	// Snapshots are read for those who ask for a page, and the newest is drawn.
	snapshots shared[struct{}]
	newest    atomic.Pointer[page.Snapshot]
	unread    fault.Warning // snapshots that could not be read
	rolls     rolls
	crowd     *crowd
	known     chan struct{} // closed when names and rolls have been read from the log
	handler   http.Handler
	leaving   atomic.Bool
}

// New returns a Site. There can be one in a process: go-app's routes are global.
func New(opts Options) (*Site, error) {
	if opts.Logger == nil {
		opts.Logger = slog.Default()
	}
	if len(opts.SessionKey) == 0 {
		opts.SessionKey = securecookie.GenerateRandomKey(32)
	}
	s := &Site{
		opts: opts, sessions: newSessions(opts.SessionKey), log: &stopwatch{log: opts.Log},
		crowd: newCrowd(), known: make(chan struct{}),
	}
	s.snapshots.read = s.readSnapshot
	s.names.clear()
	s.rolls.clear()
	s.hub = fanout.New(opts.Log, fanout.Options{Encode: sse.EncodeEvent})
	s.streams = sse.NewHandler(s.hub, sse.Options{
		Authorize: authorizeTopics, Enter: s.crowd.enter, Beat: opts.Beat, Build: opts.Build, Logger: opts.Logger,
		MaxStreams: opts.Limits.Streams, MaxPerAddress: opts.Limits.StreamsPerAddress, MaxTopics: opts.Limits.Topics,
	})
	commands, err := command.NewMux(command.Options{
		Authorize: authorizeCommand, TrustedOrigins: opts.Origins, Logger: opts.Logger,
	})
	if err != nil {
		return nil, err
	}
	s.handle(commands)
	s.lanes = transports.New(transports.Options{Log: s.log, Logger: opts.Logger})
	s.lanes.Handle(commands)
	page.Routes(s.snapshot)
	sockets, err := socket.NewHandler(s.streams, socket.Options{
		Commands: commands, TrustedOrigins: opts.Origins, Logger: opts.Logger,
	})
	if err != nil {
		return nil, err
	}
	s.handler = s.middleware(s.lanes.Track(s.routes(commands, sockets)))
	return s, nil
}

// Handler serves everything.
func (s *Site) Handler() http.Handler { return s.handler }

// Run feeds the streams, and publishes the time, the vital signs and who is here,
// until ctx ends or the log is closed, and returns why it ended.
func (s *Site) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var producers sync.WaitGroup
	producers.Go(func() { eachSecond(ctx, s.tick) })
	producers.Go(func() { s.beat(ctx) })
	producers.Go(func() { s.watchPeople(ctx) })
	producers.Go(func() { s.lanes.Run(ctx) })
	err := s.hub.Run(ctx)
	cancel()
	producers.Wait()
	return err
}

// Shutdown says goodbye to the streams and waits for them, until ctx ends.
func (s *Site) Shutdown(ctx context.Context) error {
	s.leaving.Store(true)
	return s.streams.Shutdown(ctx)
}

// Admin serves the site's figures and its health.
func (s *Site) Admin() http.Handler {
	return ops.Handler(ops.Sources{Streams: s.streams.Stats, Hub: s.hub.Stats, Healthy: s.healthy, Ready: s.ready})
}

// healthy joins what the hub and the log say of themselves.
func (s *Site) healthy() error {
	err := s.hub.Health()
	if log, ok := s.opts.Log.(interface{ Health() error }); ok {
		err = errors.Join(err, log.Health())
	}
	return err
}

// ready returns why no traffic should come: a node that cannot reach its log
// serves what is in its memory and can store nothing.
func (s *Site) ready() error {
	select {
	case <-s.hub.Ready():
	default:
		return errors.New("the ring is being filled from the log")
	}
	if s.leaving.Load() {
		return errors.New("the server is shutting down")
	}
	return s.hub.Health()
}

func (s *Site) routes(commands, sockets http.Handler) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("/events", s.crossOrigin(s.recognise(s.streams)))
	mux.Handle("/poll", s.crossOrigin(s.recognise(poll.NewHandler(s.streams))))
	mux.Handle("/socket", s.recognise(sockets))
	mux.Handle(command.PathPrefix, s.crossOrigin(s.admit(commands)))
	mux.Handle(web.Prefix, web.Files())
	mux.HandleFunc("GET /robots.txt", robots)
	mux.Handle("/", s.documents(page.Handler(page.Assets{
		URL: web.URL, Version: web.Version() + "-" + s.opts.Build, WasmSize: web.WasmSize(),
	})))
	return mux
}

// documents serves pages, packed and with a cookie, a few at a time, and what
// go-app generates as it is.
func (s *Site) documents(pages http.Handler) http.Handler {
	drawn := s.prepared(page.Bound(compress(s.welcome(pages))))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if generated(r.URL.Path) || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
			pages.ServeHTTP(w, r)
			return
		}
		drawn.ServeHTTP(w, r)
	})
}

// handle registers what pages may ask for; see authorizeCommand.
func (s *Site) handle(commands *command.Mux) {
	command.Handle(commands, chat.Post, s.post)
	command.Handle(commands, chat.Edit, s.edit)
	command.Handle(commands, chat.Remove, s.remove)
	command.Handle(commands, guest.Whoami, s.whoami)
	command.Handle(commands, guest.Rename, s.rename)
	command.Handle(commands, inbox.Read, s.read)
	command.Handle(commands, inbox.List, s.list)
}

func robots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	// A client that has gone needs no robots.txt.
	_, _ = io.WriteString(w, "User-agent: *\nDisallow: /events\nDisallow: /poll\nDisallow: /socket\nDisallow: /commands/\n")
}
