package faults_test

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seawaykit/seaway/e2e/faults/program"
)

// requestLimit is how long a request may take to arrive, 15 s, with as much for
// a machine that is busy.
const requestLimit = 30 * time.Second

// heldRoutes are all kinds of routes.
var heldRoutes = []string{
	"GET /", "GET /nothing", "GET /web/app.css", "GET /app.js", "GET /events?topic=room.lobby", "GET /poll?topic=room.lobby&wait=60000",
	"GET /socket?topic=room.lobby", "POST /commands/chat.post", "POST /commands/none", "POST /",
}

// files returns how many files the program has open, and routines how many
// goroutines it says that it has.
func files(t *testing.T, p *program.Program) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/" + strconv.Itoa(p.Pid()) + "/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func routines(t *testing.T, p *program.Program) int {
	t.Helper()
	n, err := strconv.Atoi(p.Metric("go_goroutines"))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRequestsThatDoNotArriveLeaveNothing(t *testing.T) {
	t.Parallel()
	for name, flags := range map[string][]string{"plain": {"-h2c"}, "TLS": certificate(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := program.New(t, flags...)
			if name == "TLS" {
				p.URL = "https://" + p.Addr
			}
			p.StartAs(insecure(false))
			routines(t, p)
			filesBefore, routinesBefore := files(t, p), routines(t, p)
			var holding sync.WaitGroup
			for _, route := range heldRoutes {
				for _, pace := range []time.Duration{0, time.Second} {
					holding.Go(func() { holdByHand(t, p.Addr, name == "TLS", bodyOf(route), pace) })
					holding.Go(func() { holdOverHTTP2(t, p.URL, route, pace) })
				}
			}
			for _, begin := range []string{"", "G", "GET / HTTP/1.1\r\nHost: x\r\nX-"} {
				holding.Go(func() { holdByHand(t, p.Addr, name == "TLS", begin, time.Second) })
			}
			if name == "plain" { // the operators' port
				for _, route := range []string{"GET /metrics", "POST /healthz", "GET /nothing"} {
					holding.Go(func() { holdByHand(t, p.Admin, false, bodyOf(route), 0) })
				}
			}
			holding.Wait()
			program.Until(t, requestLimit, "nothing is left", func() bool {
				return files(t, p) <= filesBefore && routines(t, p) <= routinesBefore
			})
		})
	}
}

// With few files, clients that hold some may keep the others waiting, for as long
// as a request may take to arrive.
func TestOthersAreServedWhenAllFilesAreHeld(t *testing.T) {
	t.Parallel()
	p := program.New(t)
	p.Through = []string{"bash", "-c", `ulimit -n 256; exec "$0" "$@"`}
	p.Start()
	for range 300 {
		conn, err := net.Dial("tcp", p.Addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, bodyOf("GET /")); err != nil {
			t.Fatal(err)
		}
	}
	client := http.Client{Timeout: 2 * requestLimit, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(p.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("status %d, %v", resp.StatusCode, err)
	}
}

// bodyOf returns a request that announces a body and has one byte of it.
func bodyOf(route string) string {
	return route + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{"
}

// holdByHand sends the beginning, and then a byte at a time if it has a pace, until
// the server closes the connection.
func holdByHand(t *testing.T, addr string, secure bool, begin string, pace time.Duration) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close()
	if secure {
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
	}
	if _, err := io.WriteString(conn, begin); err != nil {
		t.Error(err)
		return
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_, _ = io.Copy(io.Discard, conn)
	}()
	var tick <-chan time.Time
	if pace > 0 {
		ticker := time.NewTicker(pace)
		defer ticker.Stop()
		tick = ticker.C
	}
	for deadline := time.After(requestLimit); ; {
		select {
		case <-tick:
			_, _ = io.WriteString(conn, "x") // if it fails the other side is about to be read
		case <-closed:
			return
		case <-deadline:
			t.Errorf("%.40q is held for %v", begin, requestLimit)
			return
		}
	}
}

// holdOverHTTP2 does the same with a request's stream.
func holdOverHTTP2(t *testing.T, url, route string, pace time.Duration) {
	client := insecure(true)
	client.Timeout = requestLimit
	defer client.CloseIdleConnections()
	method, path, _ := strings.Cut(route, " ")
	body, rest := io.Pipe()
	defer rest.Close()
	req, err := http.NewRequestWithContext(t.Context(), method, url+path, body)
	if err != nil {
		t.Error(err)
		return
	}
	req.Header.Set("Content-Type", "application/json")
	go func() {
		ticker := time.NewTicker(max(pace, time.Millisecond))
		defer ticker.Stop()
		for _, err := io.WriteString(rest, "{"); err == nil && pace > 0; _, err = io.WriteString(rest, " ") {
			<-ticker.C
		}
	}()
	begin := time.Now()
	resp, err := client.Do(req)
	if err == nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
	if time.Since(begin) >= requestLimit {
		t.Errorf("%s over HTTP/2 is held for %v", route, requestLimit)
	}
}

// insecure returns a client that trusts any certificate.
func insecure(http2 bool) *http.Client {
	var protocols http.Protocols
	protocols.SetHTTP1(!http2)
	protocols.SetHTTP2(http2)
	protocols.SetUnencryptedHTTP2(http2)
	return &http.Client{Transport: &http.Transport{
		Protocols: &protocols, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: !http2,
	}}
}
