// Package transporttest scripts the server of a test that runs in a browser: each
// request for the stream's URL gets the next of a list of answers, and all further
// requests the last. So a transport, or a whole source, can be tested against a
// server that refuses, cuts, stalls or resets, at the moment that the test chooses.
// What was requested can be read back.
//
//	srv := transporttest.Serve(t,
//		transporttest.Answer{Status: 503},
//		transporttest.Answer{Parts: []string{hello}})
//	src := source.New(source.Options{URL: srv.URL})
//	...
//	requests := srv.Wait(2, 1) // two requests, one answer still open
//
// A WebSocket is upgraded and gets the same parts in messages, each frame of the
// stream in one, unless the answer has a status of its own.
//
// [Handler] is for the server that serves the test's page to the browser: mount it
// there below [Prefix], on the same origin. It plays any number of scripts side by
// side and shares nothing between them. On HTTP/1.1 a browser opens six connections
// to a host at most, so a test should hold few streams at once.
package transporttest

import "net/url"

// Prefix is the path under which scripts are served.
const Prefix = "/script/"

// An Answer is what one request gets. The zero Answer is a stream on which
// nothing is ever said.
type Answer struct {
	Mute        bool     // there is no answer, not even a head: only Then
	Status      int      // default 200
	Type        string   // the content type; default "text/event-stream"
	Location    string   // where a redirect leads to
	AllowOrigin string   // whose pages may read it, besides those of its own origin
	Parts       []string // the body, each part flushed
	Every       int      // milliseconds before each part; default 0
	Await       bool     // Then does not come before Server.Proceed
	Then        End      // what comes after it; default Hold
}

// An End says how an answer ends.
type End string

// The ends of an answer.
const (
	Hold   End = ""       // not before the browser goes
	Finish End = "finish" // properly
	Cut    End = "cut"    // in the middle, as when the server is killed
	Reset  End = "reset"  // by a reset of the connection, as when a proxy has forgotten it
	Shut   End = "shut"   // cut, and the port is closed until the door is opened again: see Server.Door
)

// A Request is one request for the stream.
type Request struct {
	Query       string // as it was sent
	LastEventID string // the header
	Accept      string // the header
	Cookie      string // the header
	Gap         int    // milliseconds since the request before
}

// Param returns a parameter of the request's query, "" if there is none.
func (v Request) Param(name string) string {
	q, _ := url.ParseQuery(v.Query) // what cannot be read is not there
	return q.Get(name)
}

// A Report says what has happened to a script.
type Report struct {
	Requests []Request
	Open     int // answers that have not ended
}
