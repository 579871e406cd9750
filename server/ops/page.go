package ops

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/sse"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageStyle string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"count": count, "bytes": size, "ago": ago, "time": clock, "lines": lines, "style": func() template.CSS { return template.CSS(pageStyle) },
}).Parse(pageHTML))

// pagePolicy lets the page have its own style, and nothing else.
var pagePolicy = func() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
		"style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

// keptFor is how long the figures of the page are kept: however often it is asked for, they
// are collected once in that time.
const keptFor = time.Second

// A page answers GET / with a page for people.
type page struct {
	Sources
	mu     sync.Mutex
	latest *view
}

// A view is what the page shows.
type view struct {
	Overview
	At             time.Time
	Streams        sse.Stats
	Hub            fanout.Stats
	Log            eventlog.State
	LogErr         error
	Healthy, Ready error
}

// ServeHTTP implements [http.Handler].
func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if reason := stranger(r); reason != "" {
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, reason, http.StatusForbidden)
		return
	}
	var body bytes.Buffer
	every := ""
	if r.URL.Query().Get("every") == "5" {
		every = "5"
	}
	err := pageTemplate.Execute(&body, struct {
		*view
		Every string
	}{p.view(), every})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Security-Policy", pagePolicy)
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	// A client that has gone needs no page.
	_, _ = w.Write(body.Bytes())
}

// view returns figures that are at most [keptFor] old.
func (p *page) view() *view {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.latest != nil && time.Since(p.latest.At) < keptFor {
		return p.latest
	}
	v := &view{Overview: p.Overview(), Streams: p.Sources.Streams(), Hub: p.Hub(), Healthy: p.Sources.Healthy(), Ready: p.Sources.Ready()}
	v.Log, v.LogErr = p.Sources.Log()
	v.At = time.Now()
	p.latest = v
	return v
}

// lines returns the problems in an error that joins some.
func lines(err error) []string {
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return []string{err.Error()}
	}
	var all []string
	for _, e := range joined.Unwrap() {
		all = append(all, lines(e)...)
	}
	return all
}
