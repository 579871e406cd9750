//go:build !js

package transporttest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// NewHandler returns a handler of everything under [Prefix]:
//
//	POST /script/{name}         sets the answers
//	GET  /script/{name}/stream  gets the next one
//	GET  /script/{name}/report?requests=n&open=m
//	POST /script/{name}/proceed lets an answer that awaits it come to its end
//	POST /script/{name}/door    opens a port where the script is played, too
//	GET  /script/{name}/frame   a document for Server.Frame
//	POST /script/{name}/worker  sets what runs first in the service worker
//	GET  /script/{name}/worker.js
//
// A report is given when there have been n requests and m answers are open, or
// after two minutes as it is then. The caller must close the handler.
func NewHandler() *Handler {
	h := &Handler{scripts: map[string]*played{}}
	h.mux.HandleFunc("POST "+Prefix+"{name}", h.set)
	h.mux.HandleFunc("GET "+Prefix+"{name}/stream", h.stream)
	h.mux.HandleFunc("GET "+Prefix+"{name}/report", h.report)
	h.mux.HandleFunc("POST "+Prefix+"{name}/proceed", h.proceed)
	h.mux.HandleFunc("POST "+Prefix+"{name}/door", h.openDoor)
	h.mux.HandleFunc("GET "+Prefix+"{name}/frame", frame)
	h.mux.HandleFunc("POST "+Prefix+"{name}/worker", h.setWorker)
	h.mux.HandleFunc("GET "+Prefix+"{name}/worker.js", h.worker)
	return h
}

// waitLimit ends what a test waits for in vain. A busy machine needs some of it.
const waitLimit = 2 * time.Minute

// A Handler plays scripts.
type Handler struct {
	// Worker is the text of the service worker that controls the documents of
	// Server.Controlled, behind what the test has put first in it. It is set before
	// the handler serves. Default: there is only what the test has put first.
	Worker string

	mux http.ServeMux

	mu      sync.Mutex
	scripts map[string]*played
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// Close shuts every door.
func (h *Handler) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.scripts {
		p.door.shut()
	}
}

// played returns the script of the request.
func (h *Handler) played(r *http.Request) *played {
	h.mu.Lock()
	defer h.mu.Unlock()
	name := r.PathValue("name")
	if h.scripts[name] == nil {
		h.scripts[name] = &played{changed: make(chan struct{}), proceed: make(chan struct{})}
	}
	return h.scripts[name]
}

func (h *Handler) set(w http.ResponseWriter, r *http.Request) {
	var answers []Answer
	if err := json.NewDecoder(r.Body).Decode(&answers); err != nil || len(answers) == 0 {
		http.Error(w, "a script is a list of answers", http.StatusBadRequest)
		return
	}
	h.played(r).change(func(p *played) { p.answers = answers })
}

func (h *Handler) stream(w http.ResponseWriter, r *http.Request) {
	p := h.played(r)
	answer, ok := p.next(r)
	if !ok {
		http.Error(w, "no such script", http.StatusNotFound)
		return
	}
	defer p.change(func(p *played) { p.report.Open-- })
	if answer.Then == Shut {
		defer p.door.shut()
	}
	answer.play(w, r, p.proceed)
}

func (h *Handler) proceed(_ http.ResponseWriter, r *http.Request) {
	select {
	case h.played(r).proceed <- struct{}{}:
	case <-r.Context().Done():
	}
}

func (h *Handler) report(w http.ResponseWriter, r *http.Request) {
	requests, _ := strconv.Atoi(r.FormValue("requests"))
	open, err := strconv.Atoi(r.FormValue("open"))
	if err != nil {
		open = -1 // any number will do
	}
	report := h.played(r).wait(r.Context().Done(), func(r Report) bool {
		return len(r.Requests) >= requests && (open < 0 || r.Open == open)
	})
	json.NewEncoder(w).Encode(report)
}

// A played script is a list of answers with what has become of it.
type played struct {
	mu      sync.Mutex
	answers []Answer
	report  Report
	latest  time.Time
	first   string        // what runs first in the service worker
	changed chan struct{} // closed and replaced at each change

	proceed chan struct{} // taken by an answer that awaits it
	door    door
}

// change does something to the script and wakes the goroutines that wait for it.
func (p *played) change(do func(*played)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	do(p)
	close(p.changed)
	p.changed = make(chan struct{})
}

// next counts a request and returns its answer.
func (p *played) next(r *http.Request) (a Answer, ok bool) {
	p.change(func(p *played) {
		n := len(p.answers)
		if ok = n > 0; !ok {
			return
		}
		a = p.answers[min(len(p.report.Requests), n-1)]
		p.report.Open++
		request := Request{
			Query:       r.URL.RawQuery,
			LastEventID: r.Header.Get("Last-Event-ID"),
			Accept:      r.Header.Get("Accept"),
			Cookie:      r.Header.Get("Cookie"),
		}
		if n := len(p.report.Requests); n > 0 {
			request.Gap = int(time.Since(p.latest) / time.Millisecond)
		}
		p.latest = time.Now()
		p.report.Requests = append(p.report.Requests, request)
	})
	return a, ok
}

// wait returns a report that is as wished, or what there is when time is up.
func (p *played) wait(gone <-chan struct{}, wished func(Report) bool) Report {
	timeUp := time.After(waitLimit)
	for {
		p.mu.Lock()
		report, changed := p.report, p.changed
		p.mu.Unlock()
		if wished(report) {
			return report
		}
		select {
		case <-changed:
		case <-timeUp:
			return report
		case <-gone:
			return report
		}
	}
}
