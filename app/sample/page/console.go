package page

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/transport"
)

// consoleLines is how many lines a console keeps.
const consoleLines = 40

// A console keeps what the page's EventSource has reported lately, and the newest event's
// frame. It is written on the stream's goroutine and read on go-app's.
type console struct {
	mu      sync.Mutex
	lines   []consoleLine // the oldest first
	frame   string
	hellos  int
	greeted time.Time // by the server's clock, when a stream was last begun anew
}

// A consoleLine is one event of the EventSource.
type consoleLine struct {
	At         time.Time
	Event      string // open, message or error; empty for a new EventSource
	ReadyState transport.ReadyState
	Detail     string // the name of a message
}

// trace notes what has happened to the stream.
func (c *console) trace(t source.Trace) {
	switch t.Kind {
	case source.Dialed:
		c.add(consoleLine{At: t.At, ReadyState: transport.ReadyConnecting, Detail: "new EventSource"})
	case source.Signalled:
		c.signal(t.At, t.Signal)
	}
}

func (c *console) signal(at time.Time, s transport.Signal) {
	line := consoleLine{At: at, ReadyState: s.ReadyState}
	switch s.Kind {
	case transport.ConnectionOpened:
		line.Event = "open"
	case transport.ConnectionFailed:
		line.Event = "error"
	case transport.FrameArrived:
		line.Event, line.Detail = "message", s.Frame.Name
		c.note(s.Frame)
	}
	c.add(line)
}

// note keeps an event's frame, and the time of a hello.
func (c *console) note(f transport.Frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if hello := f.Hello(); hello != nil {
		if c.hellos++; c.hellos > 1 {
			c.greeted = hello.Time
		}
	}
	if strings.Contains(f.Name, ".") { // control frames have simple names
		c.frame = wireText(f)
	}
}

func (c *console) add(l consoleLine) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.lines) == consoleLines {
		c.lines = c.lines[:copy(c.lines, c.lines[1:])]
	}
	c.lines = append(c.lines, l)
}

// view returns a copy of the lines, the newest first, and the newest event's frame.
func (c *console) view() (lines []consoleLine, frame string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	lines = slices.Clone(c.lines)
	slices.Reverse(lines)
	return lines, c.frame
}

// greetedAt returns when a stream was last begun anew, by the server's clock; the zero
// time for the first.
func (c *console) greetedAt() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.greeted
}

// wireText returns the bytes of a frame on the wire, as WIRE.md describes them.
func wireText(f transport.Frame) string {
	return "id: " + f.LastEventID + "\nevent: " + f.Name + "\ndata: " + strings.ReplaceAll(f.Data, "\n", "\ndata: ") + "\n"
}
