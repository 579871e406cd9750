package fanout

import (
	"slices"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

const (
	// maxReplays is how many replays wait for the next page to be asked for, and
	// replayIdle how long.
	maxReplays = 8
	replayIdle = 5 * time.Second
	// maxKept is the size up to which a page is kept, in bytes.
	maxKept = 1 << 20
)

// replays are the replays that are between two pages: readers that are far behind ask for
// one page after the other.
type replays struct {
	mu    sync.Mutex
	idle  []*replay // the one that was used last is the last
	timer *time.Timer
}

// A replay reads the log for the readers of a group, and keeps the page that it has read
// last: a reader whose connection had no room for all of it asks for the rest.
type replay struct {
	group *group
	pages eventlog.Replay
	from  uint64 // the page has all of the topics' events after this number
	page  []Frame
	next  event.ID // the position of a reader that has written the page
	used  time.Time
}

// takeReplay returns a replay that goes on at an offset, or a new one. It is the caller's.
func (h *Hub) takeReplay(at Offset) *replay {
	rs := &h.replays
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for i, r := range rs.idle {
		if r.group == at.group && at.seq >= r.from && at.seq <= r.next.Seq() {
			rs.idle = slices.Delete(rs.idle, i, i+1)
			return r
		}
	}
	return &replay{group: at.group, from: at.seq, pages: h.replayFrom(at)}
}

func (h *Hub) replayFrom(at Offset) eventlog.Replay {
	return eventlog.NewReplay(h.log, at.seq+1, at.group.names()...)
}

// put keeps a replay for the next page.
func (rs *replays) put(r *replay) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if len(rs.idle) == maxReplays {
		rs.idle = slices.Delete(rs.idle, 0, 1)
	}
	r.used = time.Now()
	rs.idle = append(rs.idle, r)
	if rs.timer == nil {
		rs.timer = time.AfterFunc(replayIdle, rs.prune)
	}
}

// prune drops the replays that were not used for long.
func (rs *replays) prune() {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.idle = slices.DeleteFunc(rs.idle, func(r *replay) bool { return time.Since(r.used) >= replayIdle })
	if rs.timer = nil; len(rs.idle) > 0 {
		rs.timer = time.AfterFunc(replayIdle-time.Since(rs.idle[0].used), rs.prune)
	}
}

// rest returns the frames of the page that follow a number, if there are any.
func (r *replay) rest(seq uint64) []Frame {
	i, _ := slices.BinarySearchFunc(r.page, seq+1, func(f Frame, seq uint64) int {
		if f.ID.Seq() < seq {
			return -1
		}
		return 1
	})
	return r.page[i:]
}

// keep notes the page that was read last.
func (r *replay) keep(from uint64, page []Frame, next event.ID) {
	size := 0
	for _, f := range page {
		size += len(f.Bytes)
	}
	if r.from, r.page, r.next = from, page, next; size > maxKept {
		r.from, r.page = next.Seq(), nil
	}
}
