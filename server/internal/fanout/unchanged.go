package fanout

import "github.com/seawaykit/seaway/shared/event"

// Unchanged reports whether no event of the topics has come to this hub after a
// position. It takes less than a microsecond, and no read of the log: of a position
// that is older than the ring, ahead of it, or of another past it reports false.
func (h *Hub) Unchanged(since event.ID, topics ...string) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.ring == nil || !h.proves(since) {
		return false
	}
	for _, name := range topics {
		// A topic that the ring does not list has had no event since it begins.
		if t, ok := h.ring.topics[name]; ok && t.last.Load() > since.Seq() {
			return false
		}
	}
	return true
}

// proves reports whether the ring holds all that has come after an id, and the id is
// of its past. It needs the lock.
func (h *Hub) proves(id event.ID) bool {
	r := h.ring
	if id.Epoch() != r.epoch || id.Seq() < r.evicted || id.Seq() > r.head.Seq() {
		return false
	}
	if there, _, found := r.find(id.Seq()); found && !id.IsPosition() {
		return there == id
	}
	return h.state.Proves(id) // it names no event, or one that has been replaced
}
