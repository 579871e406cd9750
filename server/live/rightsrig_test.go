package live

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/server/session"
)

// A way is one by which a client reaches a server.
type way struct {
	name string
	path string // of what follows topics
	tls  bool   // with HTTP/2, but for sockets
	node int
}

// allWays are those to two nodes.
func allWays() (all []way) {
	for node, where := range []string{"here", "on the other node"} {
		for _, w := range []way{
			{"a stream", "/events", false, node}, {"a poll", "/poll", false, node}, {"a socket", "/socket", false, node},
			{"a stream of TLS and HTTP/2", "/events", true, node}, {"a poll of TLS and HTTP/2", "/poll", true, node}, {"a socket of TLS", "/socket", true, node},
		} {
			w.name += " " + where
			all = append(all, w)
		}
	}
	return all
}

// A team has users, who may come and go while rules are asked.
type team struct {
	mu    sync.Mutex
	users []string
}

func (m *team) set(users ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.users = users
}

func (m *team) has(user, _ string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Contains(m.users, user)
}

// A rightsRig is two nodes of one log, with sessions, and a team that may do everything.
type rightsRig struct {
	t        *testing.T
	team     team
	nodes    [2]*Server
	sessions [2]*session.Sessions
	plain    [2]string
	secure   [2]*httptest.Server

	mu   sync.Mutex
	open map[string]int // connections by identity
}

// rightsTopics are one of a state and one of none.
var rightsTopics = []string{"live.list.red", "team.red"}

func newRightsRig(t *testing.T) *rightsRig {
	t.Helper()
	r := &rightsRig{t: t, open: map[string]int{}}
	log, key := eventlog.NewMemory(eventlog.Retention{}), bytes.Repeat([]byte("k"), session.MinKey)
	r.team.set("ann", "carl")
	onTeam := access.Allow(r.team.has)
	for i := range r.nodes {
		sessions, err := session.New(session.Options{Keys: [][]byte{key}})
		if err != nil {
			t.Fatal(err)
		}
		identify := func(req *http.Request) (string, error) {
			user, err := sessions.Identify(req)
			if req.Header.Get("Expires") != "" {
				access.Until(req.Context(), time.Now().Add(time.Second))
			}
			return user, err
		}
		s := newTestOn(t, log, Options{Identify: identify, Follow: onTeam, Call: onTeam, OnConnect: r.connect, Heartbeat: timeout})
		Serve(s, lists, onTeam)
		sessions.Keep(log, Serve(s, session.Users, nil), s.Revoke)
		Form(s, "/echo", echo, nil)
		r.nodes[i], r.sessions[i], r.plain[i] = s, sessions, serveTest(t, s)
		r.secure[i] = httptest.NewUnstartedServer(nil)
		r.secure[i].Config, r.secure[i].EnableHTTP2 = httpd.New(s.Handler(), httpd.Options{}), true
		r.secure[i].StartTLS()
		t.Cleanup(func() {
			r.secure[i].CloseClientConnections()
			r.secure[i].Close()
		})
	}
	return r
}

// connect counts connections.
func (r *rightsRig) connect(_ *http.Request, identity string, _ []string) func() {
	add := func(n int) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.open[identity] += n
	}
	add(1)
	return func() { add(-1) }
}

func (r *rightsRig) connections(identity string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.open[identity]
}

// cookie signs a user in, by plain HTTP and by HTTPS.
func (r *rightsRig) cookie(user string) string {
	r.t.Helper()
	var pairs []string
	for _, secure := range []*tls.ConnectionState{nil, {}} {
		w, req := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
		req.TLS = secure
		if err := r.sessions[0].SignIn(w, req, user); err != nil {
			r.t.Fatal(err)
		}
		c := w.Result().Cookies()[0]
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	return strings.Join(pairs, "; ")
}

// client returns what makes requests of a way, and the address that it makes them to.
func (r *rightsRig) client(w way) (*http.Client, string) {
	if !w.tls {
		return http.DefaultClient, r.plain[w.node]
	}
	server := r.secure[w.node]
	if w.path != "/socket" {
		return server.Client(), server.URL
	}
	transport := server.Client().Transport.(*http.Transport).Clone()
	transport.ForceAttemptHTTP2 = false
	transport.TLSClientConfig.NextProtos = []string{"http/1.1"}
	r.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}, server.URL
}

// do makes a request of a way, and returns its answer, which is open. Headers are in pairs.
func (r *rightsRig) do(w way, method, path, body, cookie string, headers ...string) *http.Response {
	r.t.Helper()
	resp, err := r.try(w, method, path, body, cookie, headers...)
	if err != nil {
		r.t.Fatal(err)
	}
	if want := map[bool]int{false: 1, true: 2}[w.tls && w.path != "/socket"]; resp.ProtoMajor != want {
		r.t.Errorf("%s: HTTP/%d", w.name, resp.ProtoMajor)
	}
	r.t.Cleanup(func() { resp.Body.Close() })
	return resp
}

func (r *rightsRig) try(w way, method, path, body, cookie string, headers ...string) (*http.Response, error) {
	client, url := r.client(w)
	ctx, cancel := context.WithTimeout(r.t.Context(), timeout)
	r.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, method, url+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if cookie != "" {
		req.Header.Set("Cookie", cookie)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client = &http.Client{Transport: client.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return client.Do(req)
}

// status follows a topic in vain, and returns how that is answered.
func (r *rightsRig) status(w way, topic, cookie string) int {
	r.t.Helper()
	resp := r.do(w, http.MethodGet, w.path+"?topic="+topic, "", cookie)
	if resp.StatusCode != http.StatusOK {
		_, _ = io.Copy(io.Discard, resp.Body) // what is read has been seen by others
	}
	return resp.StatusCode
}

// A connected is a client that follows topics until the server ends it.
type connected struct {
	way  way
	done chan string // the frame that ends it
}

// hold follows a topic, and returns once the server has begun.
func (r *rightsRig) hold(w way, topic, user, cookie string, headers ...string) connected {
	r.t.Helper()
	before, h := r.connections(user), connected{w, make(chan string, 1)}
	switch w.path {
	case "/socket":
		r.holdSocket(h, topic, cookie, headers...)
	case "/poll":
		go func() {
			resp, err := r.try(w, "GET", w.path+"?topic="+topic+"&wait=120000", "", cookie, headers...)
			if err != nil {
				h.done <- err.Error()
				return
			}
			defer resp.Body.Close()
			h.done <- r.lastFrame(resp)
		}()
	default:
		resp := r.do(w, "GET", w.path+"?topic="+topic, "", cookie, headers...)
		go func() { h.done <- r.lastFrame(resp) }()
	}
	if len(headers) == 0 {
		r.until("it is connected", func() bool { return r.connections(user) > before })
	}
	return h
}

// lastFrame reads an answer to its end.
func (r *rightsRig) lastFrame(resp *http.Response) (last string) {
	if resp.StatusCode != http.StatusOK {
		return fmt.Sprint("status ", resp.StatusCode)
	}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			last = data
		}
	}
	if lines.Err() != nil {
		return "cut: " + lines.Err().Error()
	}
	return last
}

func (r *rightsRig) holdSocket(h connected, topic, cookie string, headers ...string) {
	r.t.Helper()
	conn := r.socket(h.way, topic, cookie, headers...)
	go func() {
		last := ""
		for {
			_, message, err := conn.Read(r.t.Context())
			if err != nil {
				h.done <- last
				return
			}
			last = string(message)
		}
	}()
}

func (r *rightsRig) socket(w way, topic, cookie string, headers ...string) *websocket.Conn {
	r.t.Helper()
	client, url := r.client(w)
	header := http.Header{"Cookie": {cookie}}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	conn, _, err := websocket.Dial(r.t.Context(), url+"/socket?topic="+topic, &websocket.DialOptions{HTTPClient: client, HTTPHeader: header})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { conn.CloseNow() })
	return conn
}

// until polls.
func (r *rightsRig) until(what string, ok func() bool) {
	r.t.Helper()
	for begun := time.Now(); !ok(); time.Sleep(time.Millisecond) {
		if time.Since(begun) > timeout {
			r.t.Fatalf("waited %v until %s", timeout, what)
		}
	}
}
