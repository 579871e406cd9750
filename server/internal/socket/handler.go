package socket

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/server/internal/carrier"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
)

// Options configure a [Handler].
type Options struct {
	// Commands executes the pages' commands. It is a [command.Mux], or a
	// handler that wraps one, and gets paths as from a POST. Default: every
	// command is answered as forbidden.
	Commands http.Handler

	// TrustedOrigins may open sockets from their own pages, for example
	// "https://app.example.com". Default: the server's own origin only. The
	// commands' handler must trust them too.
	TrustedOrigins []string

	// MaxCommands is how many commands of one socket may be under way. More are
	// answered as rate limited. Default 8.
	MaxCommands int

	// Refused is called for each request that is not one for a socket, or of an origin that
	// is not trusted, with what its client is told. It must not block. What the streams
	// refuse they report themselves. Default: nothing is called.
	Refused func(r *http.Request, e *fault.Error)

	// Logger logs commands that panic, and sockets that were refused for their
	// origin, at most every 10 s. Default slog.Default().
	Logger *slog.Logger
}

// A Handler serves streams and commands over WebSockets. Make it with
// [NewHandler].
type Handler struct {
	streams carrier.Streams
	opts    Options
	origins *command.Origins
}

// NewHandler returns a Handler whose sockets are streams of the given one, which
// also ends them. It refuses an origin that is not scheme://host[:port].
func NewHandler(streams *sse.Handler, opts Options) (*Handler, error) {
	opts.MaxCommands = cmp.Or(opts.MaxCommands, 8)
	opts.Logger = cmp.Or(opts.Logger, slog.Default())
	origins, err := command.NewOrigins(opts.TrustedOrigins, opts.Logger)
	if err != nil {
		return nil, fmt.Errorf("socket: %w", err)
	}
	return &Handler{streams: streams.Carrier(), opts: opts, origins: origins}, nil
}

// refusalTime bounds the sending of a refusal: one frame, which fits into any
// connection's buffers.
const refusalTime = time.Second

// ServeHTTP serves one socket.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if e := h.check(r); e != nil {
		if e.Code == fault.MethodNotAllowed {
			w.Header().Set("Allow", http.MethodGet)
		}
		if h.opts.Refused != nil {
			h.opts.Refused(r, e)
		}
		fault.Respond(w, e)
		return
	}
	sub, err := h.streams.Admit(w, r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	defer sub.Close()
	if !isUpgrade(r) {
		w.Header().Set("Upgrade", "websocket") // RFC 9110, section 15.5.22
		fault.Respond(w, fault.New(fault.UpgradeRequired, "the request is not one for a WebSocket"))
		return
	}
	conn, err := accept(w, r)
	if err != nil {
		return // it has been answered
	}
	s := newSession(h, conn, r, sub.WriteTimeout())
	s.serve(sub)
}

// check returns what is wrong with the request as one for a socket.
func (h *Handler) check(r *http.Request) *fault.Error {
	if r.Method != http.MethodGet {
		return fault.New(fault.MethodNotAllowed, "a socket is opened by GET")
	}
	// The origin check lets every GET pass, since a GET changes nothing. The
	// page of a socket can do as much as by a POST.
	as := &http.Request{Method: http.MethodPost, Header: r.Header, Host: r.Host, URL: r.URL}
	return h.origins.Check(as)
}

// isUpgrade distinguishes a socket's request from that of a page which asks by
// fetch why it got no socket. Browsers do not report the reason, so the answer
// has to be the same: it is 426 only where a socket would have been opened.
func isUpgrade(r *http.Request) bool { return r.Header.Get("Sec-WebSocket-Key") != "" }

// refuse answers a request that was not admitted.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	e, frame := h.streams.Refusal(r, err)
	if frame == nil || !isUpgrade(r) {
		fault.Respond(w, e)
		return
	}
	conn, err := accept(w, r)
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), refusalTime)
	defer cancel()
	if conn.Write(ctx, websocket.MessageText, frame) == nil {
		// It waits 5 s for the client's close frame. Its error makes no
		// difference.
		_ = conn.Close(websocket.StatusTryAgainLater, "")
	}
}

// accept upgrades the connection. The origin has been checked.
func accept(w http.ResponseWriter, r *http.Request) (*websocket.Conn, error) {
	return websocket.Accept(w, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true,
		CompressionMode:    websocket.CompressionDisabled,
	})
}
