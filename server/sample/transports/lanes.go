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

// linger is for how long a lane that asks now and then counts as open after it
// has asked.
const linger = 5 * time.Second

// Options configure [Lanes]. Log must be set.
type Options struct {
	Log    event.Appender
	Logger *slog.Logger // default slog.Default()
}

// Lanes are those of all pages. Make them with [New], have the server's requests
// go through [Lanes.Track] and its connections through [ConnContext], and Run
// beside it.
type Lanes struct {
	opts Options
	woke chan struct{} // has room for one: a lane may have opened

	mu    sync.Mutex
	pages map[string]*page
}

// A page is what is known of one page.
type page struct {
	lanes map[contract.Kind]*account
	seen  time.Time // when one of its lanes asked for something
}

// New returns Lanes that nobody uses yet.
func New(opts Options) *Lanes {
	opts.Logger = cmp.Or(opts.Logger, slog.Default())
	return &Lanes{opts: opts, woke: make(chan struct{}, 1), pages: map[string]*page{}}
}

// Track wraps all that the server serves. Requests without a lane are looked at
// as well, since a browser sends them on the same connections: that costs each
// two questions to the kernel, of 0.7 µs and 330 bytes for the collector.
func (l *Lanes) Track(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line := lineOf(r)
		owner := l.begin(r, line)
		if owner != nil && line != nil {
			w = l.noticeTaking(w, line)
		}
		defer l.end(owner, line, r.ContentLength != 0)
		next.ServeHTTP(w, r)
	})
}

// noticeTaking marks a line that is taken away from net/http. The writer still
// offers that itself, or the stream would not be on the fast path.
func (l *Lanes) noticeTaking(w http.ResponseWriter, line *line) http.ResponseWriter {
	return httpsnoop.Wrap(w, httpsnoop.Hooks{Hijack: func(take httpsnoop.HijackFunc) httpsnoop.HijackFunc {
		return func() (net.Conn, *bufio.ReadWriter, error) {
			l.mu.Lock()
			line.taken = true
			l.mu.Unlock()
			return take()
		}
	}})
}

// begin books a request, and returns whose it is.
func (l *Lanes) begin(r *http.Request, line *line) *account {
	token, kind, isLane := laneOf(r)
	l.mu.Lock()
	defer l.mu.Unlock()
	var owner *account
	if isLane {
		owner = l.open(token, kind)
		owner.count.Requests++
		owner.answered++
		if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
			owner.count.Upgrades++
		}
	}
	if line != nil {
		line.pass(owner)
	}
	return owner
}

func laneOf(r *http.Request) (token string, kind contract.Kind, ok bool) {
	if !strings.Contains(r.URL.RawQuery, contract.LaneParam+"=") {
		return "", "", false // without a parse
	}
	return contract.ParseLane(r.URL.Query().Get(contract.LaneParam))
}

// end books what the request has cost until its handler returned. Also one of
// nobody's: the next may be a lane's.
func (l *Lanes) end(owner *account, line *line, hadBody bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if owner != nil {
		owner.answered--
	}
	if line != nil {
		line.leave(hadBody)
	}
}

// open returns the account of a lane, and makes it if it is new.
func (l *Lanes) open(token string, kind contract.Kind) *account {
	p := l.pages[token]
	if p == nil {
		l.makeRoom()
		p = &page{lanes: map[contract.Kind]*account{}}
		l.pages[token] = p
	}
	p.seen = time.Now()
	a := p.lanes[kind]
	if a == nil {
		a = &account{lines: map[*line]struct{}{}}
		p.lanes[kind] = a
	}
	select {
	case l.woke <- struct{}{}:
	default:
	}
	return a
}

// makeRoom forgets the page that was not heard of for longest.
func (l *Lanes) makeRoom() {
	if len(l.pages) < maxPages {
		return
	}
	oldest := ""
	for token, p := range l.pages {
		if oldest == "" || p.seen.Before(l.pages[oldest].seen) {
			oldest = token
		}
	}
	delete(l.pages, oldest)
}

// lanesOf returns a page's lanes, or none.
func (l *Lanes) lanesOf(who contract.Page) map[contract.Kind]*account {
	if p := l.pages[who.Token]; p != nil {
		return p.lanes
	}
	return nil
}

// Counts returns what a page's lanes have cost.
func (l *Lanes) Counts(_ context.Context, who contract.Page) (contract.Counts, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := contract.Counts{At: time.Now().UTC(), Lanes: map[contract.Kind]contract.Count{}}
	for kind, a := range l.lanesOf(who) {
		for line := range a.lines {
			line.settle(false)
		}
		c := a.count
		c.Held = a.held()
		counts.Lanes[kind] = c
	}
	return counts, nil
}

// Drop cuts the connections that a page's lanes use or were the last to use. It
// does not wait until the browser has noticed.
func (l *Lanes) Drop(_ context.Context, who contract.Page) (contract.Dropped, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all contract.Dropped
	for _, a := range l.lanesOf(who) {
		for line := range a.lines {
			line.settle(false)
			delete(a.lines, line)
			if line.sever() {
				a.count.Cut++
				all.Cut++
			}
		}
	}
	return all, nil
}

// Watched reports whether a lane of any page is open.
func (l *Lanes) Watched() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.pages {
		if time.Since(p.seen) < linger {
			return true
		}
		for _, a := range p.lanes {
			if a.held() > 0 {
				return true
			}
		}
	}
	return false
}
