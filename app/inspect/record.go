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
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

const (
	maxFrames  = 100     // of the last frames
	maxHistory = 50      // of what happened to connections
	maxData    = 4 << 10 // of a frame's payload, in bytes
	rateOver   = 10      // seconds over which a rate is taken
)

// A Record is what happened to a source lately. It is safe for concurrent use.
type Record struct {
	mu      sync.Mutex
	state   source.State
	head    event.ID // the newest event that the server has told of
	build   string   // the server's
	types   map[string]*tally
	frames  []Line // oldest first
	history []Line
}

// A Line is one thing that happened.
type Line struct {
	At     time.Time
	What   string // a frame's name, or what happened to the connection
	ID     string // a frame's, if it has one
	Detail string // a frame's payload, or why
}

// A tally counts the frames of one name.
type tally struct {
	all    int
	second int64         // the newest that is counted in last
	last   [rateOver]int // by second
}

// Watch returns a record of all that happens to a source from its Start, which
// must come after. It keeps 100 frames, and 4 KiB of each.
func Watch(src *source.Source) *Record {
	r := &Record{types: map[string]*tally{}}
	src.OnTrace(r.note)
	return r
}

func (r *Record) note(t source.Trace) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch t.Kind {
	case source.Dialed:
		r.happened(t.At, "dialed", t.Transport+" "+t.URL)
	case source.FrameRead:
		r.read(t.At, t.Frame)
	case source.FrameDropped:
		r.happened(t.At, "dropped", "seen before: "+t.Frame.Name+" "+t.Frame.LastEventID)
	case source.FrameFailed:
		r.happened(t.At, "not understood", t.Err.Error())
	case source.StateChanged:
		r.changed(t.At, t.State)
	case source.Probed:
		r.happened(t.At, "probed", finding(t))
	case source.Poked:
		r.happened(t.At, "poked", string(t.Poke))
	}
}

func (r *Record) read(at time.Time, f source.Frame) {
	if r.types[f.Name] == nil {
		r.types[f.Name] = &tally{}
	}
	r.types[f.Name].count(at)
	data := f.Data
	if len(data) > maxData {
		data = data[:maxData] + " ..."
	}
	r.frames = keep(r.frames, maxFrames, Line{at, f.Name, f.LastEventID, data})
	r.learn(f)
}

// learn takes up what a control frame says of the log.
func (r *Record) learn(f source.Frame) {
	switch f.Name {
	case wire.HelloName:
		var hello wire.Hello
		if json.Unmarshal([]byte(f.Data), &hello) == nil {
			r.head, r.build = hello.Head, hello.Build
		}
	case wire.BeatName:
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
		r.happened(at, s.Phase.String(), why)
	}
	r.state = s
}

func (r *Record) happened(at time.Time, what, detail string) {
	r.history = keep(r.history, maxHistory, Line{At: at, What: what, Detail: detail})
}

// finding says in a line what a probe found.
func finding(t source.Trace) string {
	switch {
	case t.Err != nil:
		return t.Err.Error()
	case t.Answer.Redirect:
		return "redirect"
	}
	return fmt.Sprint(t.Answer.Status, " ", t.Answer.Type)
}

// keep appends a line and drops the oldest over the limit.
func keep(lines []Line, limit int, l Line) []Line {
	if len(lines) == limit {
		lines = lines[:copy(lines, lines[1:])]
	}
	return append(lines, l)
}

// count counts a frame. A clock that was set back counts for the present second.
func (t *tally) count(at time.Time) {
	t.move(at.Unix())
	t.all++
	t.last[t.second%rateOver]++
}

// move empties the seconds that have passed.
func (t *tally) move(to int64) {
	for n := 0; t.second < to && n < rateOver; n++ {
		t.second = max(t.second+1, to-rateOver+1)
		t.last[t.second%rateOver] = 0
	}
}

// rate returns how many frames a second came lately.
func (t *tally) rate(now time.Time) float64 {
	t.move(now.Unix())
	sum := 0
	for _, n := range t.last {
		sum += n
	}
	return float64(sum) / rateOver
}

// A Report is a copy of a record.
type Report struct {
	State   source.State
	Head    event.ID // the newest event the server has told of, in any topic
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

// Report returns what the record holds now. position is the source's.
func (r *Record) Report(now time.Time, position event.ID) Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := Report{State: r.state, Head: r.head, Build: r.build, Frames: newestFirst(r.frames), History: newestFirst(r.history)}
	if r.head.Epoch() == position.Epoch() && r.head.Seq() > position.Seq() {
		p.Lag = r.head.Seq() - position.Seq()
	}
	for _, name := range slices.SortedFunc(maps.Keys(r.types), cmp.Compare) {
		t := r.types[name]
		p.Types = append(p.Types, Type{name, t.all, t.rate(now)})
	}
	return p
}

func newestFirst(lines []Line) []Line {
	lines = slices.Clone(lines)
	slices.Reverse(lines)
	return lines
}
