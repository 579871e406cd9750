package sse

import (
	"errors"
	"slices"

	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/shared/event"
)

// A shard is the state that the streams of one reactor loop share. Only the loop touches
// it, except for the counters.
type shard struct {
	handler  *Handler
	path     *fastPath
	counters counters

	batches batches
	behind  []*stream // streams that must read the log
	events  int       // written since they were last counted

	heartbeatID event.ID // the position in the last heartbeat
	heartbeat   []byte   // and its frame, as a chunk

	unchunkedOf *batch // the batch that was last unchunked
	unchunked   []byte // and its bytes then
}

func newShard(h *Handler, path *fastPath) *shard {
	return &shard{handler: h, path: path, batches: newBatches(h.hub)}
}

// afterPass hands the streams that are behind to the replayPool, and empties the cache
// of batches. It counts once a pass, since an atomic addition for each write is felt.
func (sh *shard) afterPass() {
	sh.replayAll()
	sh.batches.forget()
	sh.unchunkedOf = nil
	sh.counters.events.Add(uint64(sh.events))
	sh.events = 0
}

// bytesOf returns what is written of a batch. Clients of HTTP/1.0 at one offset
// come one after the other, so the last one's bytes are kept until the pass ends.
// The batches of a replay belong to several shards.
func (sh *shard) bytesOf(b *batch, chunked bool) []byte {
	if chunked {
		return b.bytes
	}
	if sh.unchunkedOf != b {
		sh.unchunkedOf, sh.unchunked = b, b.unchunk(sh.unchunked[:0])
	}
	return sh.unchunked
}

// heartbeatAt returns a heartbeat with a position. Most streams are at the head.
func (sh *shard) heartbeatAt(at event.ID, chunked bool) []byte {
	if at != sh.heartbeatID {
		sh.heartbeatID, sh.heartbeat = at, toChunk(heartbeatFrame(at))
	}
	if !chunked {
		return unchunk(sh.heartbeat)
	}
	return sh.heartbeat
}

// replay notes a stream that must read the log, for the end of the pass.
func (sh *shard) replay(s *stream, err error) {
	if s.phase = reading; errors.Is(err, fanout.ErrLost) {
		s.phase = restarting
	}
	sh.behind = append(sh.behind, s)
}

func (sh *shard) replayAll() {
	if len(sh.behind) == 0 {
		return
	}
	open := slices.DeleteFunc(sh.behind, func(s *stream) bool {
		if s.phase == abandoned { // in the same pass: no restart has its cursor
			s.dismiss()
		}
		return s.phase == ended
	})
	sh.counters.replays.Add(uint64(len(open)))
	sh.path.replays.add(open)
	clear(open)
	sh.behind = open[:0]
}
