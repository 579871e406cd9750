// Package script lets a test that runs in a browser say what its server does.
// The test gives a list of answers; each visit to the stream's URL gets the
// next one, and all further visits the last. What was visited can be read back.
//
//	srv := script.Serve(t, script.Answer{Status: 503}, script.Answer{Parts: []string{hello}})
//	src := source.New(source.Options{URL: srv.URL, ...})
//	...
//	visits := srv.Wait(2, 1)
//
// A visit by a WebSocket is upgraded and gets the same parts in messages, each
// frame of the stream in one, unless the answer has a status of its own.
//
// The handler serves any number of scripts side by side and shares nothing
// between them. On HTTP/1.1, which it speaks, a browser opens six connections at
// most: a test should hold few streams at once, since its output needs one too.
package script

import "net/url"

// Prefix is the path under which scripts are served.
const Prefix = "/script/"

// An Answer is what one visit gets. The zero Answer is a stream on which
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
	Shut   End = "shut"   // cut, and nobody listens until the door is opened again: see Server.Door
)

// A Visit is one request for the stream.
type Visit struct {
	Query       string // as it was sent
	LastEventID string // the header
	Accept      string // the header
	Cookie      string // the header
	Gap         int    // milliseconds since the visit before
}

// Param returns a parameter of the visit's query, "" if there is none.
func (v Visit) Param(name string) string {
	q, _ := url.ParseQuery(v.Query) // what cannot be read is not there
	return q.Get(name)
}

// A Report says what has happened to a script.
type Report struct {
	Visits []Visit
	Open   int // answers that have not ended
}
