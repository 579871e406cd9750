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
	// Authorize decides which callers may use which command, before the body is read.
	// It returns the caller's identity, which handlers get from [Identity], or a
	// refusal, preferably a [*fault.Error]. Default: everything is refused as
	// forbidden.
	Authorize func(r *http.Request, command string) (identity string, err error)

	// TrustedOrigins are origins besides the server's own whose pages may send
	// commands, for example "https://app.example.com".
	TrustedOrigins []string

	// MaxBody is the size of the largest request, in bytes. Default 64 KiB.
	MaxBody int64

	// Refused is called for each request that is answered with an error, which its caller
	// gets. It must not block. Default: nothing is called.
	Refused func(r *http.Request, e *fault.Error)

	// Logger receives handlers' internal errors, and requests that were refused for
	// their origin, at most every 10 s. Default slog.Default().
	Logger *slog.Logger
}

// A Mux is an [http.Handler] for the commands below [PathPrefix]. Register
// commands with [Handle] before it serves; it is then safe for concurrent use.
type Mux struct {
	opts     Options
	origins  *Origins
	handlers map[string]handler
	keys     keyCache
}

// A handler decodes one request, runs the command and returns its reply.
type handler func(ctx context.Context, c caller, body []byte) (reply any, err error)

// A caller is the identity, idempotency key and command of a request.
type caller struct {
	command, identity, key string
	request                string // a hash of the command and the decoded request
}

// NewMux returns a Mux without commands. It refuses a trusted origin that is not
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
	return &Mux{opts: opts, origins: origins, handlers: map[string]handler{}, keys: keyCache{entries: map[string]*entry{}}}, nil
}

// Handle registers the function that handles a command. It panics if the command
// was not made by [Define], or has a function already. If the function's error is
// or wraps a [*fault.Error] the caller receives that; any other error is logged,
// and the caller receives an internal error.
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
		release, err := m.keys.add(c, time.Now())
		if err != nil {
			return nil, err
		}
		rep, err := fn(withCaller(ctx, c), req)
		if isRefusal(err) {
			release()
		}
		return rep, err
	}
}

// Has reports whether a command has a function.
func (m *Mux) Has(name string) bool { return m.handlers[name] != nil }

// ServeHTTP handles one command.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reply, err := m.serve(w, r)
	var body []byte
	if err == nil {
		body, err = json.Marshal(reply) // before the status is sent
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

// isRefusal reports whether an error guarantees that nothing was done.
func isRefusal(err error) bool {
	e, known := fault.From(err)
	return err != nil && known && !e.Retry && e.Status() < 500
}

func (m *Mux) refuse(w http.ResponseWriter, r *http.Request, err error) {
	e, known := fault.From(err)
	if e.Code == fault.KeyReused {
		e = errKeyReused // the log does not know the header's name
	}
	if !known {
		m.opts.Logger.Error("command failed", "path", r.URL.Path, "err", err)
	}
	if m.opts.Refused != nil {
		m.opts.Refused(r, e)
	}
	fault.Respond(w, e)
}

// requestKey returns the client's idempotency key, or "" without one.
func requestKey(r *http.Request) (string, error) {
	values := r.Header.Values(IdempotencyKeyHeader)
	if len(values) == 0 {
		return "", nil
	}
	if len(values) > 1 || values[0] == "" || event.CheckKey(values[0]) != nil {
		return "", fault.Field(IdempotencyKeyHeader, "the idempotency key is not 1 to %d characters of printable ASCII", event.MaxKey)
	}
	return values[0], nil
}
