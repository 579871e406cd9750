package site

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/seawaykit/seaway/app/sample/page"
	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/server/sample/guide"
	"github.com/seawaykit/seaway/server/sample/transports"
	"github.com/seawaykit/seaway/server/session"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/sample/board"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/sample/inbox"
	"github.com/seawaykit/seaway/shared/sample/vitals"
	"github.com/seawaykit/seaway/web"
)

// Options configure a [Site]. Log must be set.
type Options struct {
	Log eventlog.Log

	// SessionKeys sign guests' cookies, the same on every node: see package session.
	// Default a random one, with which guests' cookies are valid as long as the Site.
	SessionKeys [][]byte

	// Node names this Site among the ones that share the log. Each must have a
	// different name, and should keep it over a restart. Default empty, for a
	// single one.
	Node string

	// Live are the server's other options.
	Live live.Options
}

// A Site implements the sample behind its server: it executes commands,
// keeps its states, and publishes events by itself.
type Site struct {
	opts     Options
	logger   *slog.Logger
	server   *live.Server
	streams  *sse.Handler // the server's
	meter    *transports.Meter
	sessions *session.Sessions
	guests   *access.Limiter // of new ones, by address
	log      *appendTimer    // the log that the site appends to

	clock  *clock
	cutter *cutter

	rooms   *live.States[chat.History]
	inboxes *live.States[inbox.Inbox]
	names   *live.States[nameIndex]
	members *live.States[memberList]

	reports      nodeReports
	local        *localPresence
	presenceRead chan struct{} // closed when the nodes' reports have been read from the log
}

// New returns the sample's server. There can be one in a process: go-app's routes
// are global.
func New(opts Options) (*live.Server, error) {
	s, err := newSite(opts)
	if err != nil {
		return nil, err
	}
	s.server.Go(func(ctx context.Context) { s.clock.run(ctx, s.server.Subscribe) })
	s.server.Go(s.publishVitals)
	s.server.Go(s.runPresence)
	s.server.Go(s.meter.Run)
	return s.server, nil
}

// newSite returns a Site that publishes nothing by itself.
func newSite(opts Options) (*Site, error) {
	if opts.Live.Logger == nil {
		opts.Live.Logger = slog.Default()
	}
	if len(opts.SessionKeys) == 0 {
		opts.SessionKeys = [][]byte{session.NewKey()}
	}
	sessions, err := newSessions(opts.SessionKeys)
	if err != nil {
		return nil, err
	}
	s := &Site{
		opts: opts, logger: opts.Live.Logger, sessions: sessions, log: &appendTimer{log: opts.Log},
		local: newLocalPresence(), presenceRead: make(chan struct{}),
	}
	if !opts.Live.Limits.None {
		s.guests = access.NewLimiter(newGuests)
	}
	s.clock, s.cutter = newClock(s.log, s.logger), newCutter()
	s.reports.clear()
	s.meter = transports.New(transports.Options{Log: s.log, Logger: s.logger})
	return s, s.serve()
}

// serve makes the server.
func (s *Site) serve() (err error) {
	opts := s.opts.Live
	opts.Identify = s.sessions.Identify
	opts.Follow, opts.Call, opts.OnConnect = mayFollow, mayCall, s.connect
	opts.Files = web.Files
	opts.FormWords = func(r *http.Request) *live.FormWords {
		w := live.FormWords(page.FormWordsFor(r))
		return &w
	}
	// A browser sends all kinds of requests on the connections that the meter
	// counts.
	opts.Middleware = func(h http.Handler) http.Handler {
		return s.meter.Track(s.cutter.guard(s.allowNewGuests(h), s.guestOf))
	}
	opts.ConnContext = transports.ConnContext
	if s.server, err = live.New(s.opts.Log, opts); err != nil {
		return err
	}
	s.streams = s.server.Streams()
	s.serveStates()
	s.handle()
	perAddress := clockStreamsPerAddress
	if opts.Limits.None {
		perAddress = 0
	}
	s.server.Route("/sse", &clockStream{clock: s.clock, heartbeat: cmp.Or(opts.Heartbeat, 15*time.Second), draining: s.server.Draining, perAddress: perAddress})
	pages, err := s.pages()
	s.server.Pages(pages)
	return err
}

// pages returns the handler of all pages: the guide is plain HTML, and the same for
// everyone.
func (s *Site) pages() (http.Handler, error) {
	chapters, err := guide.Handler(s.server.URL)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(guide.Path, chapters)
	mux.Handle(guide.Path+"/", chapters)
	mux.Handle("/", s.setGuestCookies(page.Handler(s.server)))
	return mux, nil
}

// serveStates keeps the states, and says who may see them. Names and members are for
// servers only.
func (s *Site) serveStates() {
	s.rooms = live.Serve(s.server, chat.Histories, s.mayUseRoom)
	s.inboxes = live.Serve(s.server, inbox.Inboxes, ownInbox)
	s.names = live.Serve(s.server, guestNames, nil)
	s.members = live.Serve(s.server, guestMembers, nil)
	live.Serve(s.server, board.Boards, live.EveryoneOf(board.Names...))
}

// handle registers the commands, see mayCall, and what goes with mutations.
func (s *Site) handle() {
	live.Around(s.rooms, chat.Post, s.post)
	live.Around(s.inboxes, inbox.Read, s.read)
	live.Handle(s.server, guest.Whoami, s.whoami)
	live.Handle(s.server, guest.Rename, s.rename)
	live.Form(s.server, "/room/{room}", chat.Post.Command(), s.postForm)
	live.Handle(s.server, guest.Join, s.join)
	live.Handle(s.server, guest.Leave, s.leave)
	live.Handle(s.server, vitals.Cut, s.cutter.cut)
	s.meter.Handle(s.server)
}

// connect notes a stream of a guest's.
func (s *Site) connect(r *http.Request, guest string, topics []string) (disconnected func()) {
	leave, forget := s.local.connect(r, guest, topics), s.cutter.connect(r, guest)
	return func() {
		forget()
		if leave != nil {
			leave()
		}
	}
}

// allowNewGuests lets a command create a guest for its caller, which needs a
// response with headers: see whoami.
func (s *Site) allowNewGuests(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, command.PathPrefix) {
			r = withNewGuest(r, func() (string, error) { return s.createGuest(w, r) })
		}
		h.ServeHTTP(w, r)
	})
}
