package sse

import (
	"net/http"
	"strings"
	"time"

	"github.com/seawaykit/seaway/shared/wire"
)

// revokeGrace is what a client has to take its bye, before its connection is cut.
const revokeGrace = 500 * time.Millisecond

// A grant is by which right a stream is open.
type grant struct {
	identity string
	topics   []string
	until    int64  // when the identity expires, in seconds since 1970; 0 for never
	revision uint64 // of the rights, when the rules were asked
}

// newGrant copies the texts, since they may be parts of a long request.
func (h *Handler) newGrant(r *http.Request, identity string, topics []string, revision uint64) *grant {
	g := &grant{identity: strings.Clone(identity), topics: make([]string, len(topics)), revision: revision}
	for i, topic := range topics {
		g.topics[i] = strings.Clone(topic)
	}
	if h.opts.Until == nil {
		return g
	}
	if at, ok := h.opts.Until(r); ok {
		g.until = at.Unix()
	}
	return g
}

// revision returns a number that changes whenever rights are revoked.
func (h *Handler) revision() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.revisions
}

// Revoke ends the streams, polls and sockets for which match returns true, given the
// identity and the topics that they were authorised with. Each is sent a bye, after which
// its client may come back and is authorised anew, and no event after that; one that does
// not take the bye within half a second is cut. Those that are authorised just now end as
// well, whether they match or not. It does not block. match must not call the Handler.
func (h *Handler) Revoke(match func(identity string, topics []string) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.revisions++
	h.endOpen(wire.Revoked, func(g *grant) bool { return match(g.identity, g.topics) })
}

// endOpen ends the streams whose grant is over. The caller holds h.mu.
func (h *Handler) endOpen(reason string, over func(*grant) bool) {
	var ending []openStream
	for s, g := range h.open {
		if over(g) {
			s.sendBye(reason)
			ending = append(ending, s)
		}
	}
	if len(ending) > 0 {
		time.AfterFunc(revokeGrace, func() { h.cutOpen(ending) })
	}
}

// cutOpen cuts those of the streams that are still open. The lock keeps them from ending
// meanwhile: see cutAll.
func (h *Handler) cutOpen(streams []openStream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range streams {
		if _, open := h.open[s]; open {
			s.cut()
		}
	}
}

// expireAt sees to it that a stream ends in time, at a second since 1970. The caller holds
// h.mu.
func (h *Handler) expireAt(at int64) {
	if at == 0 || h.closed || h.expires != 0 && h.expires <= at {
		return
	}
	h.expires = at
	left := time.Until(time.Unix(at, 0))
	if h.expiry == nil {
		h.expiry = time.AfterFunc(left, h.expire)
		return
	}
	h.expiry.Reset(left)
}

// expire ends the streams whose identity has expired, and waits for the next.
func (h *Handler) expire() {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now().Unix()
	h.endOpen(wire.Expired, func(g *grant) bool { return g.until != 0 && g.until <= now })
	h.expires = 0
	next := int64(0)
	for _, g := range h.open {
		if g.until > now && (next == 0 || g.until < next) {
			next = g.until
		}
	}
	h.expireAt(next)
}
