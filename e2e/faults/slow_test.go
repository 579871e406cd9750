package faults_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/seawaykit/seaway/e2e/faults/program"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// A client that reads 3 to 8 KB/s, which takes longer for what there is to read than one
// that has vanished is waited for. TCP_USER_TIMEOUT would give it up.
const (
	slowPiece  = 2 << 10
	slowPace   = 250 * time.Millisecond
	slowEvents = 200
	slowText   = 1000
)

func TestSlowClientThatLivesGetsEverything(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		t.Run(map[bool]string{false: "plain", true: "TLS"}[secure], func(t *testing.T) {
			t.Parallel()
			flags, scheme := []string{"-heartbeat", "1s"}, "http"
			if secure {
				flags, scheme = append(flags, certificate(t)...), "https"
			}
			p := program.New(t, flags...)
			p.URL = scheme + "://" + p.Addr
			p.StartAs(insecure(false))
			fill(t, p.URL)

			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/events?topic=room.lobby&last=%d", p.URL, slowEvents), nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := slowly(t).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			begin, got := time.Now(), []string{}
			for lines := bufio.NewScanner(resp.Body); len(got) < slowEvents && lines.Scan(); {
				var m chat.Message
				if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && json.Unmarshal([]byte(data), &m) == nil && m.Text != "" {
					got = append(got, strings.TrimLeft(m.Text, "."))
				}
			}
			want := make([]string, slowEvents)
			for i := range want {
				want[i] = strconv.Itoa(i)
			}
			if !slices.Equal(got, want) {
				t.Errorf("after %v it has %d of %d events", time.Since(begin), len(got), len(want))
			}
		})
	}
}

// A client with a large buffer makes no room for a minute and more when it reads 1 KB/s, and
// answers each time that it is asked for some.
func TestSlowReaderOfAFileIsNotCut(t *testing.T) {
	t.Parallel()
	const seconds = 130 // the kernel asks ever more rarely: after 50 s for the first time not within 30
	p := program.Start(t, "-heartbeat", "1s")
	conn, err := net.Dial("tcp", p.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /web/app.wasm HTTP/1.1\r\nHost: "+p.Addr+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	piece := make([]byte, 1<<10)
	for i := range seconds {
		if _, err := conn.Read(piece); err != nil {
			t.Fatalf("after %d s: %v", i, err)
		}
		<-tick.C
	}
}

// fill posts what there is to read.
func fill(t *testing.T, url string) {
	t.Helper()
	client := insecure(true)
	defer client.CloseIdleConnections()
	if strings.HasPrefix(url, "http:") {
		client = http.DefaultClient
	}
	for i := range slowEvents {
		body := fmt.Sprintf(`{"room":"lobby","author":"ann","text":"%s%d"}`, strings.Repeat(".", slowText), i)
		resp, err := client.Post(url+command.PathPrefix+chat.Post.Name(), "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		if resp.Body.Close(); resp.StatusCode != http.StatusOK {
			t.Fatalf("post %d: %s", i, resp.Status)
		}
	}
}

// slowly returns a client whose connections have hardly a buffer, and are read at
// the pace of the line.
func slowly(t *testing.T) *http.Client {
	dial := func(ctx context.Context, proto, addr string) (net.Conn, error) {
		dialer := net.Dialer{Control: func(_, _ string, raw syscall.RawConn) error {
			return raw.Control(func(fd uintptr) {
				_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, slowPiece)
				// The segments of the loopback are larger than the buffer.
				_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_MAXSEG, 1400)
			})
		}}
		conn, err := dialer.DialContext(ctx, proto, addr)
		if err != nil {
			return nil, err
		}
		tick := time.NewTicker(slowPace)
		t.Cleanup(tick.Stop)
		return &slowConn{conn, tick}, nil
	}
	return &http.Client{Transport: &http.Transport{
		DialContext: dial, TLSClientConfig: &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}},
	}}
}

type slowConn struct {
	net.Conn
	tick *time.Ticker
}

func (c *slowConn) Read(p []byte) (int, error) {
	<-c.tick.C
	return c.Conn.Read(p[:min(len(p), slowPiece)])
}
