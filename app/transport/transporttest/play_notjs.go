//go:build !js

package transporttest

import (
	"net"
	"net/http"
	"time"
)

// play answers a request. One for a WebSocket gets what its status says, or it is
// upgraded.
func (a Answer) play(w http.ResponseWriter, r *http.Request, proceed <-chan struct{}) {
	if isUpgrade(r) && !a.Mute && a.Status == 0 {
		a.upgrade(w, r, proceed)
		return
	}
	if !a.Mute {
		a.speak(w, r)
	}
	if a.Await {
		select {
		case <-proceed:
		case <-r.Context().Done():
		}
	}
	switch a.Then {
	case Hold:
		<-r.Context().Done()
	case Cut, Shut:
		panic(http.ErrAbortHandler)
	case Reset:
		reset(w)
	}
}

// speak gives the head and the parts.
func (a Answer) speak(w http.ResponseWriter, r *http.Request) {
	a.head(w)
	flush := http.NewResponseController(w).Flush
	flush() // the browser sees the headers of an answer that says nothing
	for _, part := range a.Parts {
		if !pause(r, a.Every) {
			return
		}
		w.Write([]byte(part))
		if flush() != nil {
			return // the browser has gone
		}
	}
}

func (a Answer) head(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	for name, value := range map[string]string{
		"Content-Type": a.Type, "Location": a.Location, "Access-Control-Allow-Origin": a.AllowOrigin,
	} {
		if value != "" {
			header.Set(name, value)
		}
	}
	if a.Status != 0 {
		w.WriteHeader(a.Status)
	}
}

// pause waits, unless the browser goes first.
func pause(r *http.Request, ms int) bool {
	if ms == 0 {
		return true
	}
	select {
	case <-time.After(time.Duration(ms) * time.Millisecond):
		return true
	case <-r.Context().Done():
		return false
	}
}

// reset ends the connection by a TCP reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err) // HTTP/1.1 without middleware
	}
	conn.(*net.TCPConn).SetLinger(0) // nothing is sent any more, not even an end
	conn.Close()
}
