package sse

import (
	"context"
	"net"
	"syscall"

	"github.com/seawaykit/seaway/server/internal/reactor"
)

// A fastPath serves the streams whose connections were taken over: the reactor writes,
// and some goroutines read the log while streams are behind the ring. They begin with the
// first stream and end with stop.
type fastPath struct {
	reactor *reactor.Reactor
	shards  []*shard // one for each of the reactor's loops
	replays replayPool
}

func newFastPath(h *Handler) *fastPath {
	f := &fastPath{shards: make([]*shard, h.opts.Writers)}
	for i := range f.shards {
		f.shards[i] = newShard(h, f)
	}
	f.reactor = reactor.New(reactor.Options{
		Loops: h.opts.Writers, Idle: h.opts.Heartbeat, WriteTimeout: h.opts.WriteTimeout,
		AfterPass: func(i int) { f.shards[i].afterPass() },
	})
	f.replays.begin(h.hub)
	return f
}

// add gives a stream to the reactor. It is cut when base ends.
func (f *fastPath) add(base context.Context, s *stream, g *grant, conn net.Conn, raw syscall.RawConn, first []byte) {
	f.reactor.Adopt(&s.conn, conn, raw, s, first)
	s.shard = f.shards[s.conn.Loop()]
	s.shard.handler.addOpen(s, g)
	s.cursor.OnWake(s.conn.Wake)
	s.conn.Start(base)
}

// stop ends the goroutines and waits for them. There must be no stream left,
// and none may come.
func (f *fastPath) stop() {
	f.replays.stop()
	f.reactor.Stop()
}
