package transports_test

import (
	"errors"
	"strings"
	"syscall"
	"testing"

	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// opened are the transports that are answered for as long as they are open,
// each by the request that opens it.
var opened = map[contract.Kind]string{
	contract.LongPoll:    get("/poll", contract.LongPoll, "&wait=60000") + "\n",
	contract.EventSource: get("/events", contract.EventSource, "") + "Accept: text/event-stream\n\n",
	contract.WebSocket:   get("/socket", contract.WebSocket, "") + upgrade,
}

// What the server counts is, to the byte, what went over the client's connection:
// also on the streams' fast path and on a socket, which net/http does not see.
func TestBytesAreThoseOfTheConnection(t *testing.T) {
	for kind, request := range opened {
		t.Run(string(kind), func(t *testing.T) {
			r := newRig(t)
			c := r.dial()
			c.send(request)
			ended := c.follow()
			until(t, "it is open", func() bool { s := r.streams.Stats(); return s.Fast+s.Plain == 1 })
			if fast := r.streams.Stats().Fast; fast == 1 != (kind == contract.EventSource) {
				t.Errorf("%d streams on the fast path", fast)
			}
			r.run()
			until(t, "something has come", func() bool { return c.down.Load() > 300 })
			r.untilCounted(kind, c.up.Load, c.down.Load)
			got := r.counts()[kind]
			upgrades := 0
			if kind == contract.WebSocket {
				upgrades = 1
			}
			if got.Requests != 1 || got.Opened != 1 || got.Upgrades != upgrades || kind != contract.LongPoll && got.Held != 1 {
				t.Errorf("counted %+v", got)
			}
			c.conn.Close()
			<-ended
			until(t, "it is not held any more", func() bool { return r.counts()[kind].Held == 0 })
		})
	}
}

// Requests of several transports, and of none, take turns on a connection.
func TestRequestIsCreditedToItsTransport(t *testing.T) {
	r := newRig(t)
	c := r.dial()
	other := func() {
		c.send("POST /other HTTP/1.1\nHost: x\nContent-Length: 5\nExpect: 100-continue\n\n")
		if goOn, err := c.read.ReadString('\n'); err != nil || !strings.Contains(goOn, "100") {
			t.Fatalf("%q, %v", goOn, err)
		}
		c.read.ReadString('\n')
		c.ask("hello") // whose handler has begun
	}
	want := map[contract.Kind]*[2]int64{contract.Poll: {}, contract.LongPoll: {}}
	other()
	for i, kind := range []contract.Kind{contract.Poll, contract.Poll, contract.LongPoll, contract.Poll} {
		path := []string{"/poll", "/other"}[i%2] // one flushes, and net/http does it for the other
		up, down := c.ask(get(path, kind, "") + "\n")
		want[kind][0] += up
		want[kind][1] += down
		other()
	}
	for kind, w := range want {
		r.untilCounted(kind, func() int64 { return w[0] }, func() int64 { return w[1] })
	}
	got := r.counts()
	if p := got[contract.Poll]; p.Requests != 3 || p.Opened != 3 || p.Held != 0 {
		t.Errorf("the polls: %+v", p)
	}
	if len(got) != 2 {
		t.Errorf("counted %+v", got)
	}
}

// A body arrives after its request has begun, and is credited to its transport
// as well.
func TestBodyIsCreditedToItsTransport(t *testing.T) {
	r := newRig(t)
	c := r.dial()
	c.send("POST /other?lane=" + contract.TransportID(token, contract.Poll) + " HTTP/1.1\nHost: x\nContent-Length: 5\nExpect: 100-continue\n\n")
	if goOn, err := c.read.ReadString('\n'); err != nil || !strings.Contains(goOn, "100") {
		t.Fatalf("%q, %v", goOn, err)
	}
	c.read.ReadString('\n')
	c.ask("hello")
	r.untilCounted(contract.Poll, c.up.Load, c.down.Load)
}

// A client may ask again before the handler of its last request has returned: the
// answer was there.
func TestNextRequestIsNotCreditedToTheLast(t *testing.T) {
	r := newRig(t)
	c := r.dial()
	up, down := c.ask(get("/early", contract.Poll, "") + "\n")
	const next = "GET /other HTTP/1.1\nHost: x\n\n"
	c.send(next)
	close(r.early)
	if _, err := c.read.Peek(1); err != nil { // that one is answered
		t.Fatal(err)
	}
	r.untilCounted(contract.Poll, func() int64 { return up }, func() int64 { return down })
}

// A drop resets the connections of the page's transports and no others, and
// keeps their counts.
func TestDropCutsThePagesConnections(t *testing.T) {
	for kind, request := range opened {
		t.Run(string(kind), func(t *testing.T) {
			r := newRig(t)
			bystander := r.dial()
			bystander.send("GET /events?topic=compare HTTP/1.1\nHost: x\n\n")
			spared := bystander.follow()
			c := r.dial()
			c.send(request)
			ended := c.follow()
			until(t, "both are open", func() bool { s := r.streams.Stats(); return s.Fast+s.Plain == 2 })
			if kind != contract.LongPoll { // which is answered only when there is something
				until(t, "it has begun", func() bool { return c.down.Load() > 100 })
			}
			r.untilCounted(kind, c.up.Load, c.down.Load)
			dropped, err := r.meter.Drop(t.Context(), contract.Page{Token: token})
			if err != nil || dropped.Cut != 1 {
				t.Fatalf("dropped %+v, %v", dropped, err)
			}
			if err := <-ended; !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("the client's connection ended with %v", err)
			}
			until(t, "the server has let go", func() bool { return r.counts()[kind].Held == 0 })
			got := r.counts()[kind]
			if s := r.streams.Stats(); s.Fast+s.Plain != 1 || got.Cut != 1 || got.In != c.up.Load() || got.Out != c.down.Load() {
				t.Errorf("counted %+v, client %d up, %d down", got, c.up.Load(), c.down.Load())
			}
			select {
			case err := <-spared:
				t.Errorf("a stream of nobody's was cut: %v", err)
			default:
			}
			if again, _ := r.meter.Drop(t.Context(), contract.Page{Token: token}); again.Cut != 0 {
				t.Errorf("and once more: %+v", again)
			}
		})
	}
}

// Between two polls a connection is idle, and is not the transport's any more
// if another request has used it since.
func TestDropCutsAnIdleConnectionOnlyIfItsLastRequestWasCounted(t *testing.T) {
	r := newRig(t)
	c, used := r.dial(), r.dial()
	c.ask(get("/poll", contract.Poll, "") + "\n")
	used.ask(get("/poll", contract.Poll, "") + "\n")
	used.ask("GET /other HTTP/1.1\nHost: x\n\n")
	if dropped, _ := r.meter.Drop(t.Context(), contract.Page{Token: token}); dropped.Cut != 1 {
		t.Errorf("dropped %+v", dropped)
	}
	if err := <-c.follow(); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the idle connection ended with %v", err)
	}
	used.ask("GET /other HTTP/1.1\nHost: x\n\n")
}
