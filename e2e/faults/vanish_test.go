package faults_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"net/http/cookiejar"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/e2e/faults/program"
	"github.com/seawaykit/seaway/shared/presence"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// goneLimit is three heartbeats, or one and the write timeout, and what a busy
// machine may add. A guest is gone from the presence 5 s later.
const goneLimit = 90 * time.Second

// A visitor is a guest with a client in a network.
type guestClient struct {
	name   string
	secure bool
	http2  bool
	socket bool
}

var guestClients = []guestClient{
	{name: "HTTP/1.1"},
	{name: "HTTP/1.1 with TLS", secure: true},
	{name: "HTTP/2", secure: true, http2: true},
	{name: "WebSocket", socket: true},
	{name: "WebSocket with TLS", secure: true, socket: true},
}

// client returns one that dials from inside a network and keeps its cookie.
func (v guestClient) client(t *testing.T, n *network) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := insecure(v.http2)
	c.Jar = jar
	c.Transport.(*http.Transport).DialContext = n.dial
	c.Transport.(*http.Transport).DisableKeepAlives = false
	if !v.http2 {
		c.Transport.(*http.Transport).TLSClientConfig = &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}}
	}
	return c
}

// follow visits the page, for its cookie, and opens a stream, which it reads until
// ctx ends.
func (v guestClient) follow(ctx context.Context, t *testing.T, n *network, url string) {
	t.Helper()
	client := v.client(t, n)
	resp, err := client.Get(url + "/")
	if err != nil {
		t.Fatalf("%s: %v", v.name, err)
	}
	resp.Body.Close()
	if v.socket {
		conn, _, err := websocket.Dial(ctx, url+"/socket?topic=guests.site", &websocket.DialOptions{HTTPClient: client})
		if err != nil {
			t.Fatalf("%s: %v", v.name, err)
		}
		go func() {
			defer conn.CloseNow()
			for err == nil {
				_, _, err = conn.Read(ctx)
			}
		}()
		return
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/events?topic=guests.site", nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err = client.Do(req); err != nil {
		t.Fatalf("%s: %v", v.name, err)
	}
	go func() {
		defer resp.Body.Close()
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		}
	}()
}

// Clients that vanish, without a FIN or a RST, are given up with their presence,
// whatever carries them. Nobody closes anything on either side.
func TestVanishedClientsAreGivenUpWithTheirPresence(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, 1)
	for _, secure := range []bool{false, true} {
		t.Run(map[bool]string{false: "plain", true: "TLS"}[secure], func(t *testing.T) {
			flags := []string{"-heartbeat", "1s"}
			if secure {
				flags = append(flags, certificate(t)...)
			}
			p := program.New(t, flags...)
			_, port, _ := net.SplitHostPort(p.Addr)
			p.Addr = "0.0.0.0:" + port
			scheme := map[bool]string{false: "http", true: "https"}[secure]
			p.URL = scheme + "://127.0.0.1:" + port
			p.StartAs(insecure(false))

			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			here := watchHere(ctx, t, p.URL)
			followed := 0
			for _, v := range guestClients {
				if v.secure == secure {
					v.follow(ctx, t, n, scheme+"://"+n.here+":"+port)
					followed++
				}
			}
			program.Until(t, time.Minute, "all are present", func() bool { return here.Load() == int64(followed) })
			t.Cleanup(func() { n.run(t, "iptables", "-F") })
			n.cut(t)
			begin := time.Now()
			program.Until(t, goneLimit, "one stream is left, that watches", func() bool { return streams(t, p) == 1 })
			t.Logf("the streams have ended %v after the cut", time.Since(begin).Round(time.Second))
			program.Until(t, goneLimit, "nobody is present", func() bool { return here.Load() == 0 })
		})
	}
}

// streams returns how many are open on all paths.
func streams(t *testing.T, p *program.Program) int {
	t.Helper()
	all := 0
	for _, path := range []string{"fast", "plain"} {
		n, err := strconv.Atoi(p.Metric(`seaway_streams{path="` + path + `"}`))
		if err != nil {
			t.Fatal(err)
		}
		all += n
	}
	return all
}

// watchHere follows who is here, without being a guest.
func watchHere(ctx context.Context, t *testing.T, url string) *atomic.Int64 {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/events?topic=guests.site", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := insecure(false).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	here := &atomic.Int64{}
	go func() {
		defer resp.Body.Close()
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			var c presence.Change[guest.Guest]
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && strings.Contains(data, `"total"`) && json.Unmarshal([]byte(data), &c) == nil {
				total := c.Total // of the only node
				for _, s := range c.Nodes {
					total += s.Total
				}
				here.Store(int64(total))
			}
		}
	}()
	return here
}
