package inspect

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

const (
	maxFrames  = 100     // of the last frames
	maxHistory = 50      // of what happened to connections
	maxData    = 4 << 10 // of a frame's payload, in bytes
	rateOver   = 10      // seconds over which a rate is taken
)

// A Record keeps what has happened to a source lately. It is safe for concurrent
// use.
type Record struct {
	mu      sync.Mutex
	state   source.State
	head    event.ID // the newest event that the server has named
	build   string   // the server's
	types   map[string]*counter
	frames  []Line // oldest first
	history []Line
}

// A Line is one frame, or one event of a connection.
type Line struct {
	At     time.Time
	What   string // a frame's name, or what happened to the connection
	ID     string // a frame's, if it has one
	Detail string // a frame's payload, or why
}

// A counter counts the frames of one name.
type counter struct {
	total    int
	second   int64         // the newest second in bySecond
	bySecond [rateOver]int // a ring, by second
}

// Watch returns a record of everything that happens to a source. Call it before
// the source's Start. It keeps 100 frames, and 4 KiB of each.
func Watch(src *source.Source) *Record {
	r := &Record{types: map[string]*counter{}}
	src.OnTrace(r.trace)
	return r
}

func (r *Record) trace(t source.Trace) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch t.Kind {
	case source.Dialed:
		r.addHistory(t.At, "dialed", t.Transport+" "+t.URL)
	case source.FrameRead:
		r.read(t.At, t.Frame)
	case source.FrameDropped:
		r.addHistory(t.At, "dropped", "seen before: "+t.Frame.Name+" "+t.Frame.LastEventID)
	case source.FrameFailed:
		r.addHistory(t.At, "not understood", t.Err.Error())
	case source.StateChanged:
		r.changed(t.At, t.State)
	case source.Probed:
		r.addHistory(t.At, "probed", probeResult(t))
	case source.PageEventReceived:
		r.addHistory(t.At, "page event", string(t.PageEvent))
	}
}

func (r *Record) read(at time.Time, f transport.Frame) {
	if r.types[f.Name] == nil {
		r.types[f.Name] = &counter{}
	}
	r.types[f.Name].count(at)
	data := f.Data
	if len(data) > maxData {
		data = data[:maxData] + " ..."
	}
	r.frames = appendBounded(r.frames, maxFrames, Line{at, f.Name, f.LastEventID, data})
	r.readControl(f)
}

// readControl takes the head and the build from a control frame.
func (r *Record) readControl(f transport.Frame) {
	switch f.Name {
	case wire.HelloName:
		var hello wire.Hello
		if json.Unmarshal([]byte(f.Data), &hello) == nil {
			r.head, r.build = hello.Head, hello.Build
		}
	case wire.HeartbeatName:
		if id, err := event.ParseID(f.Data); err == nil {
			r.head = id
		}
	}
}

func (r *Record) changed(at time.Time, s source.State) {
	if s.Phase != r.state.Phase {
		why := s.Reason.Text
		if s.Attempt > 1 {
			why = fmt.Sprintf("try %d %s", s.Attempt, why)
		}
		r.addHistory(at, s.Phase.String(), why)
	}
	r.state = s
}

func (r *Record) addHistory(at time.Time, what, detail string) {
	r.history = appendBounded(r.history, maxHistory, Line{At: at, What: what, Detail: detail})
}

// probeResult describes in a line what a probe found.
func probeResult(t source.Trace) string {
	switch {
	case t.Err != nil:
		return t.Err.Error()
	case t.Answer.Redirect:
		return "redirect"
	}
	return fmt.Sprint(t.Answer.Status, " ", t.Answer.Type)
}

// appendBounded appends a line and drops the oldest one over the limit.
func appendBounded(lines []Line, limit int, l Line) []Line {
	if len(lines) == limit {
		lines = lines[:copy(lines, lines[1:])]
	}
	return append(lines, l)
}

// count counts a frame. After a clock was set back it counts for the newest
// second.
func (t *counter) count(at time.Time) {
	t.advance(at.Unix())
	t.total++
	t.bySecond[t.second%rateOver]++
}

// advance clears the seconds that have passed.
func (t *counter) advance(to int64) {
	for n := 0; t.second < to && n < rateOver; n++ {
		t.second = max(t.second+1, to-rateOver+1)
		t.bySecond[t.second%rateOver] = 0
	}
}

// rate returns how many frames a second came in the last ten seconds.
func (t *counter) rate(now time.Time) float64 {
	t.advance(now.Unix())
	sum := 0
	for _, n := range t.bySecond {
		sum += n
	}
	return float64(sum) / rateOver
}

// A Report is a copy of what a record holds.
type Report struct {
	State   source.State
	Head    event.ID // the newest event that the server has named, in any topic
	Lag     uint64   // how many numbers of the log lie between the page and Head
	Build   string   // the server's
	Types   []Type   // by name
	Frames  []Line   // newest first
	History []Line   // newest first
}

// A Type counts the frames of one name.
type Type struct {
	Name  string
	Count int
	Rate  float64 // a second, over the last ten
}

// Report returns what the record holds. position is the source's, from which the
// lag is counted.
func (r *Record) Report(now time.Time, position event.ID) Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := Report{State: r.state, Head: r.head, Build: r.build, Frames: newestFirst(r.frames), History: newestFirst(r.history)}
	if r.head.Epoch() == position.Epoch() && r.head.Seq() > position.Seq() {
		p.Lag = r.head.Seq() - position.Seq()
	}
	for _, name := range slices.SortedFunc(maps.Keys(r.types), cmp.Compare) {
		t := r.types[name]
		p.Types = append(p.Types, Type{name, t.total, t.rate(now)})
	}
	return p
}

func newestFirst(lines []Line) []Line {
	lines = slices.Clone(lines)
	slices.Reverse(lines)
	return lines
}
