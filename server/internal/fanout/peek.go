package fanout

import "github.com/seawaykit/seaway/shared/event"

// Peek appends to dst the frames that follow an offset in the ring, without
// blocking and without moving a cursor: at least one if there is any, and then
// as many as fit into maxBytes. next is the position of a cursor that has
// written them. With no frame and a nil error there is nothing to take yet. The
// error is [ErrBehind] or [ErrLost].
func (h *Hub) Peek(at Offset, dst []Frame, maxBytes int) (frames []Frame, next event.ID, err error) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if at.group.ring != h.ring {
		return dst, next, ErrLost
	}
	var room [8][]entry // more than most streams have topics
	ahead := room[:0]
	for _, t := range at.group.topics {
		if at.seq < t.evicted {
			return dst, next, ErrBehind
		}
		if entries := t.after(at.seq); len(entries) > 0 {
			ahead = append(ahead, entries)
		}
	}
	frames, next = merge(dst, ahead, maxBytes)
	if next.IsZero() {
		next = h.ring.head
	}
	return frames, next, nil
}

// merge appends the entries of the lists, none of which is empty, in the log's
// order. next is zero if it took them all, else the last one's id.
func merge(dst []Frame, lists [][]entry, room int) (frames []Frame, next event.ID) {
	for start := len(dst); len(lists) > 0; {
		first := oldest(lists)
		en := &lists[first][0]
		if len(dst) > start && len(en.Bytes) > room {
			return dst, next
		}
		if next = en.ID; !en.expired() {
			dst = append(dst, en.Frame)
			room -= len(en.Bytes)
		}
		if lists[first] = lists[first][1:]; len(lists[first]) == 0 {
			lists[first] = lists[len(lists)-1]
			lists = lists[:len(lists)-1]
		}
	}
	return dst, event.ID{}
}

// oldest returns the index of the list whose first entry is the oldest.
func oldest(lists [][]entry) (first int) {
	for i := 1; i < len(lists); i++ {
		if lists[i][0].ID.Seq() < lists[first][0].ID.Seq() {
			first = i
		}
	}
	return first
}
