package e2e_test

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A flood is what clients of one address get that post as fast as they can.
type flood struct {
	client            *http.Client
	accepted, refused atomic.Int64
	last              atomic.Pointer[http.Header] // of a refusal
}

// newClientOf returns a client with an address of this machine.
func newClientOf(t *testing.T, address string) *http.Client {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	transport := &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 32}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: waitLimit}
}

func postBy(client *http.Client, url string) (status int, header http.Header, err error) {
	resp, err := client.Post(url+"/commands/chat.post", "application/json", strings.NewReader(`{"room":"lobby","author":"x","text":"hello"}`))
	if err != nil {
		return 0, nil, err
	}
	resp.Body.Close()
	return resp.StatusCode, resp.Header, nil
}

// run posts by 16 clients until enough is true.
func (f *flood) run(t *testing.T, url string, enough func() bool) {
	t.Helper()
	var all sync.WaitGroup
	deadline := time.Now().Add(waitLimit)
	for range 16 {
		all.Go(func() {
			for !enough() && time.Now().Before(deadline) {
				status, header, err := postBy(f.client, url)
				switch {
				case err != nil:
					t.Error(err)
					return
				case status == http.StatusOK:
					f.accepted.Add(1)
				case status == http.StatusTooManyRequests:
					f.refused.Add(1)
					f.last.Store(&header)
				default:
					t.Errorf("a post is answered with %d", status)
					return
				}
			}
		})
	}
	all.Wait()
	if !enough() {
		t.Errorf("after %v %d posts were accepted and %d refused", waitLimit, f.accepted.Load(), f.refused.Load())
	}
}

func TestFloodOfOneAddressLeavesRoomForOthers(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	f := flood{client: newClientOf(t, "127.0.0.2")}
	other := newClientOf(t, "127.0.0.3")
	stop := atomic.Bool{}
	var flooding sync.WaitGroup
	flooding.Go(func() { f.run(t, s.url, stop.Load) })
	until(t, "posts are refused", func() bool { return f.refused.Load() > 100 || t.Failed() })
	for range 10 {
		if status, _, err := postBy(other, s.url); status != http.StatusOK || err != nil {
			t.Errorf("another address is answered with %d (%v)", status, err)
		}
	}
	stop.Store(true)
	flooding.Wait()
	if header := f.last.Load(); header == nil || header.Get("Retry-After") == "" {
		t.Errorf("the refusal's headers are %v", header)
	}
}

func TestFloodIsNotRefusedWithoutLimits(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-no-limits")
	f := flood{client: newClientOf(t, "127.0.0.2")}
	f.run(t, s.url, func() bool { return f.accepted.Load()+f.refused.Load() > 1500 })
	if n := f.refused.Load(); n > 0 {
		t.Errorf("%d posts are refused", n)
	}
	if !strings.Contains(s.logs.String(), "-no-limits") {
		t.Errorf("the log does not say so: %s", s.logs.String())
	}
}
