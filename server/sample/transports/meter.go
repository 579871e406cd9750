package transports

import (
	"bufio"
	"cmp"
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/felixge/httpsnoop"

	"github.com/seawaykit/seaway/shared/event"
	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// maxPages is how many pages' counts are kept: a megabyte or so.
const maxPages = 1000

// pollLinger is how long a transport that polls counts as open after a poll.
const pollLinger = 5 * time.Second

// Options configure a [Meter]. Log must be set.
type Options struct {
	Log    event.Appender
	Logger *slog.Logger // default slog.Default()
}

// A Meter counts what each transport under test costs, for all pages. Make it
// with [New], wrap the server's handler by [Meter.Track], set its [ConnContext],
// and call [Meter.Run] in a goroutine.
type Meter struct {
	opts   Options
	opened chan struct{} // has room for one entry: a transport may have opened

	mu    sync.Mutex
	pages map[string]*pageUsage
}

// A pageUsage is the usage of one page's transports.
type pageUsage struct {
	transports map[contract.Kind]*usage
	seen       time.Time // when one of its transports last made a request
}

// New returns a Meter.
func New(opts Options) *Meter {
	opts.Logger = cmp.Or(opts.Logger, slog.Default())
	return &Meter{opts: opts, opened: make(chan struct{}, 1), pages: map[string]*pageUsage{}}
}

// Track wraps the handler of everything that the server serves. Requests of no
// transport are tracked as well, since a browser sends them on the same
// connections: that costs each two system calls, of 0.7 µs and 330 bytes of
// garbage.
func (m *Meter) Track(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn := connOf(r)
		owner := m.begin(r, conn)
		if owner != nil && conn != nil {
			w = m.noteHijack(w, conn)
		}
		defer m.end(owner, conn, r.ContentLength != 0)
		next.ServeHTTP(w, r)
	})
}

// noteHijack marks a connection that is hijacked. The writer must still offer
// Hijack itself, or the stream would not take the fast path.
func (m *Meter) noteHijack(w http.ResponseWriter, conn *clientConn) http.ResponseWriter {
	return httpsnoop.Wrap(w, httpsnoop.Hooks{Hijack: func(take httpsnoop.HijackFunc) httpsnoop.HijackFunc {
		return func() (net.Conn, *bufio.ReadWriter, error) {
			m.mu.Lock()
			conn.hijacked = true
			m.mu.Unlock()
			return take()
		}
	}})
}

// begin counts a request, and returns the usage of its transport, nil if it has
// none.
func (m *Meter) begin(r *http.Request, conn *clientConn) *usage {
	token, kind, isMeasured := transportOf(r)
	m.mu.Lock()
	defer m.mu.Unlock()
	var owner *usage
	if isMeasured {
		owner = m.open(token, kind)
		owner.count.Requests++
		owner.answered++
		if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
			owner.count.Upgrades++
		}
	}
	if conn != nil {
		conn.assign(owner)
	}
	return owner
}

func transportOf(r *http.Request) (token string, kind contract.Kind, ok bool) {
	if !strings.Contains(r.URL.RawQuery, contract.TransportParam+"=") {
		return "", "", false // without a parse
	}
	return contract.ParseTransportID(r.URL.Query().Get(contract.TransportParam))
}

// end credits what the request has cost until its handler returned, also for a
// request without a transport: the next one on the connection may have one.
func (m *Meter) end(owner *usage, conn *clientConn, hadBody bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if owner != nil {
		owner.answered--
	}
	if conn != nil {
		conn.endRequest(hadBody)
	}
}

// open returns the usage of a page's transport, and creates it if it is new.
func (m *Meter) open(token string, kind contract.Kind) *usage {
	p := m.pages[token]
	if p == nil {
		m.makeRoom()
		p = &pageUsage{transports: map[contract.Kind]*usage{}}
		m.pages[token] = p
	}
	p.seen = time.Now()
	a := p.transports[kind]
	if a == nil {
		a = &usage{conns: map[*clientConn]struct{}{}}
		p.transports[kind] = a
	}
	select {
	case m.opened <- struct{}{}:
	default:
	}
	return a
}

// makeRoom drops the page without a request for the longest time.
func (m *Meter) makeRoom() {
	if len(m.pages) < maxPages {
		return
	}
	oldest := ""
	for token, p := range m.pages {
		if oldest == "" || p.seen.Before(m.pages[oldest].seen) {
			oldest = token
		}
	}
	delete(m.pages, oldest)
}

// transportsOf returns the usage of a page's transports, or none.
func (m *Meter) transportsOf(page contract.Page) map[contract.Kind]*usage {
	if p := m.pages[page.Token]; p != nil {
		return p.transports
	}
	return nil
}

// Counts returns what a page's transports have cost.
func (m *Meter) Counts(_ context.Context, page contract.Page) (contract.UsageReport, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	counts := contract.UsageReport{At: time.Now().UTC(), Transports: map[contract.Kind]contract.Usage{}}
	for kind, a := range m.transportsOf(page) {
		for conn := range a.conns {
			conn.credit(false)
		}
		c := a.count
		c.Held = a.held()
		counts.Transports[kind] = c
	}
	return counts, nil
}

// Drop cuts the connections that a page's transports use or were the last to
// use. It does not wait until the browser has noticed.
func (m *Meter) Drop(_ context.Context, page contract.Page) (contract.Dropped, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all contract.Dropped
	for _, a := range m.transportsOf(page) {
		for conn := range a.conns {
			conn.credit(false)
			delete(a.conns, conn)
			if conn.reset() {
				a.count.Cut++
				all.Cut++
			}
		}
	}
	return all, nil
}

// Watched reports whether a transport of any page is open.
func (m *Meter) Watched() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.pages {
		if time.Since(p.seen) < pollLinger {
			return true
		}
		for _, a := range p.transports {
			if a.held() > 0 {
				return true
			}
		}
	}
	return false
}
