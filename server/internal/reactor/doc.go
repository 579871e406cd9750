// Package reactor writes to many connections with few goroutines: an epoll loop,
// non-blocking writes and a timer wheel. It handles bytes, room and time, and does
// not interpret the bytes: each connection has a [Source] that supplies them.
//
//	r := reactor.New(reactor.Options{Loops: 2, Idle: 15 * time.Second, WriteTimeout: 30 * time.Second})
//	conn, ctx := r.Hijack(w, req) // nil: this request stays on net/http
//	raw, ok := reactor.Descriptor(conn)
//	r.Adopt(&s.conn, conn, raw, s, head) // s is a Source
//	s.conn.Start(ctx)
//
//	func (s *stream) Ready() { // there is room
//		p := s.pending()
//		if n := s.conn.Write(p); n < len(p) {
//			s.conn.Keep(s.restAfter(n))
//		}
//	}
//
// # Promises
//
//   - Each connection belongs to one loop, a goroutine, and only that goroutine
//     calls its Source. So a Source needs no lock, and must not block.
//   - Bytes leave in the order in which they were given. What the connection had no
//     room for is written before the Source is asked for more. A connection that has
//     no room costs nothing until the kernel reports some.
//   - A connection that takes nothing for the write timeout is closed. One that was
//     given nothing for the idle time is reported to its Source, a 32nd of that time
//     early at most, and not late.
//   - A connection that its client closes is closed at once. Closed is called once
//     for each connection.
//   - Start, Wake, Post and Close may be called from any goroutine, and do not block.
//   - [Reactor.Stop] ends all goroutines and closes all descriptors that the reactor
//     has opened. Before the first connection there are none.
//
// # Why not net/http
//
// On net/http an open response holds two goroutines, their stacks and 8 KiB of buffers,
// about 20 KiB in all, and every delivery wakes a goroutine. Here an open stream takes 3
// to 5 KiB including the kernel's part, and a delivery is one system call in a loop that
// runs anyway: beside bare writes to 1,000 connections it takes 1.35 to 1.5 times the
// CPU. Go's own poller reports room only to a goroutine that waits for it, hence the
// epoll instance.
//
// It works on Linux only. Elsewhere [Reactor.Hijack] hijacks no connection.
package reactor
