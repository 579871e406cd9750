//go:build !js

package script

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
//	GET  /script/{name}/report?visits=n&open=m
//
// A report is given when there have been n visits and m answers are open, or
// after 20 s as it is then.
func NewHandler() http.Handler {
	h := &handler{scripts: map[string]*played{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+Prefix+"{name}", h.set)
	mux.HandleFunc("GET "+Prefix+"{name}/stream", h.stream)
	mux.HandleFunc("GET "+Prefix+"{name}/report", h.report)
	return mux
}

// patience bounds what a test waits for, when it waits in vain.
const patience = 20 * time.Second

type handler struct {
	mu      sync.Mutex
	scripts map[string]*played
}

// played returns the script of the request.
func (h *handler) played(r *http.Request) *played {
	h.mu.Lock()
	defer h.mu.Unlock()
	name := r.PathValue("name")
	if h.scripts[name] == nil {
		h.scripts[name] = &played{changed: make(chan struct{})}
	}
	return h.scripts[name]
}

func (h *handler) set(w http.ResponseWriter, r *http.Request) {
	var answers []Answer
	if err := json.NewDecoder(r.Body).Decode(&answers); err != nil || len(answers) == 0 {
		http.Error(w, "a script is a list of answers", http.StatusBadRequest)
		return
	}
	h.played(r).change(func(p *played) { p.answers = answers })
}

func (h *handler) stream(w http.ResponseWriter, r *http.Request) {
	p := h.played(r)
	answer, ok := p.next(r)
	if !ok {
		http.Error(w, "no such script", http.StatusNotFound)
		return
	}
	defer p.change(func(p *played) { p.report.Open-- })
	answer.play(w, r)
}

func (h *handler) report(w http.ResponseWriter, r *http.Request) {
	visits, _ := strconv.Atoi(r.FormValue("visits"))
	open, err := strconv.Atoi(r.FormValue("open"))
	if err != nil {
		open = -1 // any number will do
	}
	report := h.played(r).wait(r.Context().Done(), func(r Report) bool {
		return len(r.Visits) >= visits && (open < 0 || r.Open == open)
	})
	json.NewEncoder(w).Encode(report)
}

// A played script is a list of answers with what has become of it.
type played struct {
	mu      sync.Mutex
	answers []Answer
	report  Report
	changed chan struct{} // closed and replaced at each change
}

// change does something to the script and wakes whoever waits for it.
func (p *played) change(do func(*played)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	do(p)
	close(p.changed)
	p.changed = make(chan struct{})
}

// next counts a visit and returns its answer.
func (p *played) next(r *http.Request) (a Answer, ok bool) {
	p.change(func(p *played) {
		n := len(p.answers)
		if ok = n > 0; !ok {
			return
		}
		a = p.answers[min(len(p.report.Visits), n-1)]
		p.report.Open++
		p.report.Visits = append(p.report.Visits, Visit{
			Query:       r.URL.RawQuery,
			LastEventID: r.Header.Get("Last-Event-ID"),
			Accept:      r.Header.Get("Accept"),
		})
	})
	return a, ok
}

// wait returns a report that is as wished, or what there is when time is up.
func (p *played) wait(gone <-chan struct{}, wished func(Report) bool) Report {
	timeUp := time.After(patience)
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

// play answers a request.
func (a Answer) play(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	if a.Type != "" {
		header.Set("Content-Type", a.Type)
	}
	if a.Status != 0 {
		w.WriteHeader(a.Status)
	}
	flush := http.NewResponseController(w).Flush
	flush() // the browser sees the headers of an answer that says nothing
	for _, part := range a.Parts {
		w.Write([]byte(part))
		if flush() != nil {
			return // the browser has gone
		}
	}
	switch a.Then {
	case Hold:
		<-r.Context().Done()
	case Cut:
		panic(http.ErrAbortHandler)
	}
}
