//go:build !js

package command

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
)

// Options configure a [Mux]. The zero value refuses every command.
type Options struct {
	// Authorize decides who may call what, before the body is read. It returns
	// the caller's identity, which handlers get from [Identity], or a refusal,
	// best a [*fault.Error]. Default: everything is refused as forbidden.
	Authorize func(r *http.Request, command string) (identity string, err error)

	// TrustedOrigins may send commands from their own pages, for example
	// "https://app.example.com". Default: the server's own origin only.
	TrustedOrigins []string

	// MaxBody is the size of the largest request, in bytes. Default 64 KiB.
	MaxBody int64

	// Logger is told of handlers' internal errors, and of requests that were refused
	// for their origin, at most every 10 s. Default slog.Default().
	Logger *slog.Logger
}

// A Mux serves commands below [PathPrefix]. Register with [Handle] before it
// serves; it is then safe for concurrent use.
type Mux struct {
	opts     Options
	origins  *Origins
	handlers map[string]handler
	ledger   ledger
}

// A handler runs one command: JSON in, reply out.
type handler func(ctx context.Context, c caller, body []byte) (reply any, err error)

// A caller is who sent a request and under which key.
type caller struct {
	command, identity, key string
	request                string // a digest of the command and of what was decoded
}

// NewMux returns a Mux without commands. It refuses an origin that is not
// scheme://host[:port].
func NewMux(opts Options) (*Mux, error) {
	opts.MaxBody = cmp.Or(opts.MaxBody, 64<<10)
	opts.Logger = cmp.Or(opts.Logger, slog.Default())
	if opts.Authorize == nil {
		opts.Authorize = func(*http.Request, string) (string, error) {
			return "", fault.New(fault.Forbidden, "this server accepts no commands")
		}
	}
	origins, err := NewOrigins(opts.TrustedOrigins, opts.Logger)
	if err != nil {
		return nil, fmt.Errorf("command: %w", err)
	}
	return &Mux{opts: opts, origins: origins, handlers: map[string]handler{}, ledger: ledger{entries: map[string]*entry{}}}, nil
}

// Handle registers the function that carries out a command. It panics if the
// command was not made by [Define] or has a function already. The function's
// error is told to the caller if it is, or wraps, a [*fault.Error]; any other is
// logged and told as internal.
func Handle[Req, Rep any](m *Mux, t Type[Req, Rep], fn func(ctx context.Context, req Req) (Rep, error)) {
	if t.name == "" {
		panic("command: Handle of a command that was not made by Define")
	}
	if _, taken := m.handlers[t.name]; taken {
		panic(fmt.Sprintf("command: %q has a handler already", t.name))
	}
	m.handlers[t.name] = func(ctx context.Context, c caller, body []byte) (any, error) {
		var req Req
		if err := decode(body, &req); err != nil {
			return nil, err
		}
		c.request = requestDigest(c.command, req, body)
		withdraw, err := m.ledger.enter(c, time.Now())
		if err != nil {
			return nil, err
		}
		rep, err := fn(withCaller(ctx, c), req)
		if isRefusal(err) {
			withdraw()
		}
		return rep, err
	}
}

// ServeHTTP carries out one command.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reply, err := m.serve(w, r)
	var body []byte
	if err == nil {
		body, err = json.Marshal(reply) // before the status says that all is well
	}
	if err != nil {
		m.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	// A client that has gone retries under its key.
	_, _ = w.Write(body)
}

func (m *Mux) serve(w http.ResponseWriter, r *http.Request) (reply any, err error) {
	name := strings.TrimPrefix(r.URL.Path, PathPrefix)
	run, ok := m.handlers[name]
	if !ok {
		return nil, fault.New(fault.NotFound, "no such command")
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, fault.New(fault.MethodNotAllowed, "commands are sent by POST")
	}
	if e := m.origins.Check(r); e != nil {
		return nil, e
	}
	identity, err := m.opts.Authorize(r, name)
	if err != nil {
		return nil, err
	}
	key, err := requestKey(r)
	if err != nil {
		return nil, err
	}
	body, err := readJSON(w, r, m.opts.MaxBody)
	if err != nil {
		return nil, err
	}
	return run(r.Context(), caller{command: name, identity: identity, key: key}, body)
}

// isRefusal reports whether an error says for certain that nothing was done.
func isRefusal(err error) bool {
	e, told := fault.From(err)
	return err != nil && told && !e.Retry && e.Status() < 500
}

func (m *Mux) refuse(w http.ResponseWriter, r *http.Request, err error) {
	e, told := fault.From(err)
	if e.Code == fault.KeyReused {
		e = errKeyReused // the log does not know the header's name
	}
	if !told {
		m.opts.Logger.Error("command failed", "path", r.URL.Path, "err", err)
	}
	fault.Respond(w, e)
}

// requestKey returns the client's idempotency key, empty if it sent none.
func requestKey(r *http.Request) (string, error) {
	values := r.Header.Values(KeyHeader)
	if len(values) == 0 {
		return "", nil
	}
	if len(values) > 1 || values[0] == "" || event.CheckKey(values[0]) != nil {
		return "", fault.Field(KeyHeader, "the idempotency key is not 1 to %d characters of printable ASCII", event.MaxKey)
	}
	return values[0], nil
}
