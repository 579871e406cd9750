package transport

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// ErrNoSocket says that a command could not be sent, or its reply not be waited
// for, because the socket is not there. It may have been carried out: its key
// makes it safe to send again.
var ErrNoSocket = errors.New("transport: the socket is not open")

// A WebSocket brings the frames of a stream over a WebSocket (RFC 6455), and
// takes commands the other way, for a page that wants both on one connection:
//
//	socket := &transport.WebSocket{}
//	src := source.New(source.Options{Transport: socket, ...})
//	reply, err := command.Call(ctx, chat.Post, req, command.Via(socket))
//
// The zero value is ready to use, by one source.
type WebSocket struct {
	URL string // without a query, which is the stream's; default "/socket"

	mu    sync.Mutex
	lines []*socketLine // the sockets, the oldest first: a source that follows more has two for a moment
	last  uint64        // the number of the newest command
}

// A socketLine is one open socket.
type socketLine struct {
	send    func(text string) error
	waiting map[uint64]chan wire.Reply // each has one slot; guarded by WebSocket.mu
	down    chan struct{}              // closed when the socket is gone
}

// Name returns "websocket".
func (*WebSocket) Name() string { return "websocket" }

// Target returns the socket's address as one for fetch. A server that would open
// a socket there answers a plain request by status 426.
func (w *WebSocket) Target(stream string) string {
	u, err := readdress(cmp.Or(w.URL, "/socket"), stream)
	if err != nil {
		return stream
	}
	if rest, ok := strings.CutPrefix(u.Scheme, "ws"); ok {
		u.Scheme = "http" + rest // and wss becomes https
	}
	return u.String()
}

// Open implements [Transport].
func (w *WebSocket) Open(r Request, emit func(...Signal)) (release func(), err error) {
	return w.open(r, emit, openWebSocket)
}

// A dialer opens a browser's WebSocket. It calls nothing before it returns.
type dialer func(address string, events socketEvents) (send func(text string) error, closeSocket func(), err error)

func (w *WebSocket) open(r Request, emit func(...Signal), dial dialer) (release func(), err error) {
	u, err := readdress(cmp.Or(w.URL, "/socket"), r.URL)
	if err != nil {
		return nil, err
	}
	text := newParser(slices.Concat(r.Names, []string{wire.ReplyName}))
	up := &socketLine{waiting: map[uint64]chan wire.Reply{}, down: make(chan struct{})}
	send, closeSocket, err := dial(u.String(), socketEvents{
		opened: func() {
			w.set(up)
			emit(Opened())
		},
		said: func(s string) { emit(w.receive(up, text.parse(s))...) },
		closed: func(opened bool, err error) {
			w.lose(up)
			// Browsers hide why a socket did not open. It may be a refusal,
			// after which an EventSource would be closed.
			ready := ReadyClosed
			if opened {
				ready = ReadyConnecting
			}
			emit(Signal{Kind: ConnectionFailed, ReadyState: ready, Err: err})
		},
	})
	if err != nil {
		return nil, err
	}
	up.send = send
	return func() {
		closeSocket()
		w.lose(up)
	}, nil
}

// socketEvents are the callbacks of a browser's WebSocket. They do not block.
type socketEvents struct {
	opened func()
	said   func(text string)
	closed func(opened bool, err error)
}

func (w *WebSocket) set(up *socketLine) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, up)
}

// lose ends what waits for a socket that is gone. It may be called twice.
func (w *WebSocket) lose(up *socketLine) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if i := slices.Index(w.lines, up); i >= 0 {
		w.lines = slices.Delete(w.lines, i, i+1)
		close(up.down)
	}
}

// receive distributes the replies among the frames and returns the rest.
func (w *WebSocket) receive(up *socketLine, frames []Frame) []Signal {
	w.mu.Lock()
	defer w.mu.Unlock()
	return Arrived(slices.DeleteFunc(frames, func(f Frame) bool {
		if f.Name != wire.ReplyName {
			return false
		}
		var reply wire.Reply
		if json.Unmarshal([]byte(f.Data), &reply) == nil && up.waiting[reply.ID] != nil {
			up.waiting[reply.ID] <- reply
			delete(up.waiting, reply.ID)
		}
		return true
	})...)
}

// Carry sends one command over the open socket and waits for its reply, until
// ctx ends. It is what [command.Via] needs. The error is [ErrNoSocket] if the
// socket is not open or goes meanwhile, and a [*fault.Error] for a command that
// is larger than a server takes: sent, it would end the socket every time.
func (w *WebSocket) Carry(ctx context.Context, command, key string, body []byte) (status int, reply []byte, err error) {
	up, id, replied := w.enlist()
	if up == nil {
		return 0, nil, ErrNoSocket
	}
	defer w.strike(up, id)
	text, err := json.Marshal(wire.Command{ID: id, Command: command, Key: key, Body: body})
	switch {
	case err != nil:
		return 0, nil, err
	case len(text) > wire.MaxMessage:
		return 0, nil, fault.New(fault.TooLarge, "the command is larger than %d bytes", wire.MaxMessage)
	}
	if err := up.send(string(text)); err != nil {
		w.lose(up) // its end is going to be reported
		return 0, nil, ErrNoSocket
	}
	select {
	case r := <-replied:
		return r.Status, r.Body, nil
	case <-up.down:
		return 0, nil, ErrNoSocket
	case <-ctx.Done():
		return 0, nil, ctx.Err()
	}
}

// enlist prepares for the reply to a command, before it is sent.
func (w *WebSocket) enlist() (up *socketLine, id uint64, replied <-chan wire.Reply) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.lines) == 0 {
		return nil, 0, nil
	}
	w.last++
	c := make(chan wire.Reply, 1)
	w.lines[0].waiting[w.last] = c
	return w.lines[0], w.last, c
}

// strike forgets a command whose caller no longer waits.
func (w *WebSocket) strike(up *socketLine, id uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(up.waiting, id)
}
