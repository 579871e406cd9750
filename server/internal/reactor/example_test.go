package reactor_test

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/server/internal/reactor"

	"net/http/httptest"
)

// A clock writes the hours to one client.
type clock struct {
	conn reactor.Conn
	hour int
	done func()
}

func (c *clock) Ready() {
	for c.hour < 3 {
		c.hour++
		if !c.conn.Send(fmt.Appendf(nil, "%d o'clock\n", c.hour)) {
			return
		}
	}
	c.conn.Finish([]byte("good night\n"))
}

func (c *clock) Quiet()       {}
func (c *clock) Receive(any)  {}
func (c *clock) Closed(error) { c.done() }

func Example() {
	r := reactor.New(reactor.Options{Loops: 1, Idle: 15 * time.Second, WriteTimeout: 30 * time.Second})
	var open sync.WaitGroup
	server := httptest.NewUnstartedServer(nil)
	server.Config = httpd.New(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		conn, ctx := r.Hijack(w, req)
		if conn == nil { // it would be written through w
			http.Error(w, "not on this platform", http.StatusNotImplemented)
			return
		}
		raw, _ := reactor.Descriptor(conn)
		open.Add(1)
		c := &clock{done: open.Done}
		r.Adopt(&c.conn, conn, raw, c, []byte("HTTP/1.0 200 OK\r\n\r\n"))
		c.conn.Start(ctx)
	}), httpd.Options{})
	server.Start()
	defer func() {
		server.Close()
		open.Wait()
		r.Stop()
	}()

	resp, err := http.Get(server.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(body))
	// Output:
	// 1 o'clock
	// 2 o'clock
	// 3 o'clock
	// good night
}
