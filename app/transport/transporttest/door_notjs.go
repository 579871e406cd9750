//go:build !js

package transporttest

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// A door is a port of one script's own. While it is shut, connections to it are
// refused, which cannot be had on the port that the page itself came from.
type door struct {
	mu   sync.Mutex
	addr string // once it has been opened
	srv  *http.Server
}

// doors counts them.
var doors atomic.Uint32

// open listens, on the same port as before, and returns the address.
func (d *door) open(h http.Handler) (addr string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.srv != nil {
		return d.addr, nil
	}
	if d.addr == "" {
		// An address of its own, too: browsers open WebSockets to one address one
		// after the other, and make those wait that come after a failure.
		d.addr = fmt.Sprintf("127.0.0.%d:0", 2+doors.Add(1)%250)
	}
	l, err := net.Listen("tcp", d.addr)
	if err != nil {
		return "", err
	}
	d.addr = l.Addr().String()
	srv := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	d.srv = srv
	go srv.Serve(l) // ends in shut
	return d.addr, nil
}

// shut cuts all connections. It may be called by a handler of one of them.
func (d *door) shut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.srv != nil {
		d.srv.Close()
		d.srv = nil
	}
}

func (h *Handler) openDoor(w http.ResponseWriter, r *http.Request) {
	addr, err := h.played(r).door.open(h)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	io.WriteString(w, "http://"+addr)
}
