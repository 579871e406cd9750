package live

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/server/internal/provider"
	"github.com/seawaykit/seaway/server/internal/socket"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/web/assets"
)

// A Server serves the streams, commands, pages and files of one log. Make it with
// [New], add commands with [Handle] and pages with [Server.Pages], and then serve
// it with one of [Server.Run], [Server.Serve] and [Server.Handler].
type Server struct {
	opts        Options
	log         eventlog.Log
	bound       *clientLog // the same, for what clients cause
	streams     *sse.Handler
	commands    *command.Mux
	files       *assets.Assets
	kinds       []kept
	providers   []provider.Provider
	mutations   map[string]bool // commands that are mutations of kinds
	node        string          // names this server among those of its log
	pages       http.Handler    // nil if there are none
	mux         *http.ServeMux
	site        publicURL
	misdirected fault.Warning
	origins     *command.Origins // of forms
	handler     http.Handler
	background  background
	requests    requests
	refusals    refusals
	made        time.Time
	limiters    limiters
	draining    draining
}

// New returns a Server of log. It refuses an origin that is not
// scheme://host[:port], a public URL or a trusted proxy that is none, and files that cannot
// be read.
func New(log eventlog.Log, opts Options) (*Server, error) {
	opts.Logger = cmp.Or(opts.Logger, slog.Default())
	opts.Addr = cmp.Or(opts.Addr, ":8000")
	if opts.Limits.None {
		opts.Logger.Warn("there are no limits by identity and address (-no-limits): any client may take all that this server has")
	} else {
		opts.Limits = opts.Limits.or(defaultLimits)
	}
	bound := boundLog(log, opts)
	log = bound.Log
	s := &Server{
		opts: opts, limiters: newLimiters(opts.Limits), log: log, bound: bound, mutations: map[string]bool{}, node: newNode(), made: time.Now(),
		mux: http.NewServeMux(), draining: newDraining(),
	}
	var err error
	if s.site, err = parsePublicURL(opts.PublicURL); err != nil {
		return nil, err
	}
	origins := s.site.origins(opts.Origins)
	if s.files, err = filesOf(opts.Files); err != nil {
		return nil, err
	}
	var fannedOut func(sse.FanOut)
	if opts.Tracer != nil {
		fannedOut = opts.Tracer.FannedOut
	}
	s.streams = sse.New(log, sse.Options{
		Authorize: s.mayFollow, Until: expiry, OnConnect: s.connect, Heartbeat: opts.Heartbeat, Build: opts.Version, Logger: opts.Logger,
		MaxStreams: opts.Limits.Streams, MaxPerAddress: opts.Limits.StreamsPerAddress, MaxPerIdentity: opts.Limits.StreamsPerIdentity, MaxTopics: opts.Limits.Topics,
		Refused: s.refused, FannedOut: fannedOut,
	})
	s.commands, err = command.NewMux(command.Options{Authorize: s.mayCall, TrustedOrigins: origins, Refused: s.refused, Logger: opts.Logger})
	if err != nil {
		return nil, err
	}
	if s.origins, err = command.NewOrigins(origins, opts.Logger); err != nil {
		return nil, err
	}
	sockets, err := socket.NewHandler(s.streams, socket.Options{Commands: s.traced(s.commands), TrustedOrigins: origins, Refused: s.refused, Logger: opts.Logger})
	if err != nil {
		return nil, err
	}
	proxies, err := httpd.NewProxies(opts.TrustedProxies, opts.Logger)
	if err != nil {
		return nil, err
	}
	if opts.ProxyProtocol && len(opts.TrustedProxies) == 0 {
		return nil, errNoProxies
	}
	s.handler = s.requests.count(proxies.Handler(s.middleware(s.routes(sockets))))
	return s, nil
}

// filesOf lists the files below the directories of a tree.
func filesOf(tree fs.FS) (*assets.Assets, error) {
	if tree == nil {
		return assets.New()
	}
	entries, err := fs.ReadDir(tree, ".")
	if err != nil {
		return nil, fmt.Errorf("the files: %w", err)
	}
	var dirs []fs.FS
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		dir, err := fs.Sub(tree, entry.Name())
		if err != nil {
			return nil, fmt.Errorf("the files: %w", err)
		}
		dirs = append(dirs, dir)
	}
	files, err := assets.New(dirs...)
	if err != nil {
		return nil, fmt.Errorf("the files: %w", err)
	}
	return files, nil
}

// Handle registers the function that executes a command, as [command.Handle]
// does. It must be called before s serves. Options.Call decides who may call
// the command.
func Handle[Req, Rep any](s *Server, t command.Type[Req, Rep], fn func(ctx context.Context, req Req) (Rep, error)) {
	command.Handle(s.commands, t, func(ctx context.Context, req Req) (rep Rep, err error) {
		if err := s.allowsCall(ctx, t.Name(), req); err != nil {
			return rep, err
		}
		return fn(ctx, req)
	})
}

// Pages sets the handler of every path that s does not serve itself. It must be
// called before s serves.
func (s *Server) Pages(h http.Handler) { s.pages = h }

// URL returns the address, below the prefix of Options.PublicURL, of a path of this
// server. That of a file below /web/ has a hash of its content, so that it may be cached
// for ever: see [assets.Assets.URL].
func (s *Server) URL(path string) string { return s.site.path(s.files.URL(path)) }

// Root returns the address of the front page: Options.PublicURL, or "/" without one.
func (s *Server) Root() string { return s.site.origin() + s.site.prefix + "/" }

// Version returns a version that changes whenever a file or Options.Version
// does.
func (s *Server) Version() string { return s.files.Version() + "-" + s.opts.Version }

// WasmSize returns the uncompressed size of app.wasm, 0 without one.
func (s *Server) WasmSize() int64 { return s.files.WasmSize() }

// Snapshot returns the newest n retained events of the topics, in order, and the
// position up to which they are complete: a stream that resumes from it goes on
// where they end. Every event that was acknowledged before the call, on any
// node, is among them. ctx bounds the call.
func (s *Server) Snapshot(ctx context.Context, topics []string, n int) ([]event.Event, event.ID, error) {
	if err := s.CatchUp(ctx); err != nil {
		return nil, event.ID{}, err
	}
	return s.streams.Snapshot(ctx, topics, n)
}

// CatchUp waits until this node has everything that the log held when CatchUp was
// called: a client that has called a command, on any node, can then read what the
// command wrote. ctx bounds the wait.
func (s *Server) CatchUp(ctx context.Context) error {
	s.start()
	newest, err := eventlog.Newest(ctx, s.log)
	if err != nil {
		return err
	}
	return s.streams.Await(ctx, newest)
}

// Await waits until this node has all events up to number seq: see
// [sse.Handler.Await].
func (s *Server) Await(ctx context.Context, seq uint64) error {
	s.start()
	return s.streams.Await(ctx, seq)
}

// Subscribe calls the functions of sub with the events of its topics until ctx
// ends: see [sse.Handler.Subscribe].
func (s *Server) Subscribe(ctx context.Context, sub sse.Subscription) {
	s.start()
	s.streams.Subscribe(ctx, sub)
}

// Log returns the log that s serves, as commands are to use it: what they append with their
// contexts is bounded by Options.Quotas.
func (s *Server) Log() eventlog.Log { return s.bound }

// Logger returns Options.Logger.
func (s *Server) Logger() *slog.Logger { return s.opts.Logger }

// Streams returns the handler of the streams, for its metrics and for reading
// without [Server.CatchUp]. s runs it and shuts it down.
func (s *Server) Streams() *sse.Handler { return s.streams }
