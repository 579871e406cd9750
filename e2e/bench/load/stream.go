package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sys/unix"
)

// A Watcher is told, in the loop's goroutine, what becomes of streams. It may
// open and close the stream that it is told about, and open others.
type Watcher interface {
	Opened(s *Stream)                          // the response's head said 200
	Received(s *Stream, e Event, at time.Time) // e's bytes are valid until it returns
	Ended(s *Stream, err error)                // the server ended it; [io.EOF] if in order
}

// An Event is one Server-Sent Event.
type Event struct {
	ID, Name, Data []byte
}

// A Stream is one GET of an event stream, which may be opened again after it
// has ended: it then asks for what follows the last id it saw. Its methods must
// be called in the loop's goroutine.
type Stream struct {
	Path    string  // with the query
	Watcher Watcher // told about this stream

	// Remote makes the stream look like one from beyond an Ethernet, where it
	// would otherwise take 2.6 MB of the server's writes before it holds
	// anything up: segments of 1,460 bytes, a small receive buffer.
	Remote bool

	loop   *Loop
	fd     int
	phase  phase
	paused bool
	head   []byte // of the response, while it is incomplete
	body   decoder
}

type phase int

const (
	closed phase = iota
	connecting
	asking // the request has been sent
	open
)

// NewStream returns a stream that has not been opened.
func (l *Loop) NewStream(path string, w Watcher) *Stream {
	return &Stream{Path: path, Watcher: w, loop: l}
}

// IsOpen reports whether events can come.
func (s *Stream) IsOpen() bool { return s.phase == open }

// IsClosed reports whether the stream has not been opened, or has ended.
func (s *Stream) IsClosed() bool { return s.phase == closed }

// LastID returns the last id seen, which the next Open sends.
func (s *Stream) LastID() string { return string(s.body.lastID) }

// Open begins to connect. The rest is told to the watcher.
func (s *Stream) Open() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("load: socket: %w", err)
	}
	if err := s.dial(fd); err != nil {
		unix.Close(fd)
		return fmt.Errorf("load: connect: %w", err)
	}
	s.fd, s.phase, s.paused = fd, connecting, false
	s.head, s.body = s.head[:0], decoder{lastID: s.body.lastID}
	s.loop.attach(fd, s)
	return nil
}

func (s *Stream) dial(fd int) error {
	if s.Remote {
		err := errors.Join(
			unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_MAXSEG, 1460),
			unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 4<<10),
		)
		if err != nil {
			return err
		}
	}
	// The port is chosen when the server is known, so that one port can serve
	// several connections.
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1); err != nil {
		return err
	}
	if err := unix.Bind(fd, s.loop.source()); err != nil {
		return err
	}
	if err := unix.Connect(fd, &s.loop.server); err != nil && err != unix.EINPROGRESS {
		return err
	}
	return s.loop.watch(unix.EPOLL_CTL_ADD, fd, unix.EPOLLOUT)
}

// Close cuts the connection. The watcher is not told.
func (s *Stream) Close() {
	if s.phase == closed {
		return
	}
	s.loop.streams[s.fd] = nil
	unix.Close(s.fd) // which takes it off the poll
	s.phase = closed
}

// Pause stops reading, as a page does whose machine is busy or asleep.
func (s *Stream) Pause() error {
	if s.phase == closed || s.paused {
		return nil
	}
	s.paused = true
	return s.loop.watch(unix.EPOLL_CTL_DEL, s.fd, 0)
}

// Unpause reads on.
func (s *Stream) Unpause() error {
	if s.phase == closed || !s.paused {
		return nil
	}
	s.paused = false
	return s.loop.watch(unix.EPOLL_CTL_ADD, s.fd, unix.EPOLLIN)
}

// ready does what the poll says can be done.
func (s *Stream) ready(events uint32) {
	var err error
	if s.phase == connecting {
		err = s.ask()
	} else {
		err = s.read()
	}
	if err != nil && s.phase != closed {
		s.Close()
		s.Watcher.Ended(s, err)
	}
}

// ask sends the request once the connection stands.
func (s *Stream) ask() error {
	if code, err := unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_ERROR); err != nil {
		return err
	} else if code != 0 {
		return unix.Errno(code)
	}
	request := "GET " + s.Path + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
	if len(s.body.lastID) > 0 {
		request += "Last-Event-ID: " + string(s.body.lastID) + "\r\n"
	}
	// A new connection's buffer takes a request whole.
	if _, err := unix.Write(s.fd, []byte(request+"\r\n")); err != nil {
		return err
	}
	s.phase = asking
	return s.loop.watch(unix.EPOLL_CTL_MOD, s.fd, unix.EPOLLIN)
}

// read takes what has come: one read for each wake, so that no stream keeps the
// others waiting.
func (s *Stream) read() error {
	n, err := unix.Read(s.fd, s.loop.buf)
	switch {
	case err == unix.EAGAIN || err == unix.EINTR:
		return nil
	case err != nil:
		return err
	case n == 0:
		return io.EOF
	}
	text := s.loop.buf[:n]
	if s.phase == asking {
		if text, err = s.readHead(text); text == nil {
			return err
		}
	}
	return s.body.decode(text, s)
}

// readHead returns what follows the response's head, or nil if the head is
// incomplete or refuses.
func (s *Stream) readHead(text []byte) (rest []byte, err error) {
	s.head = append(s.head, text...)
	head, rest, complete := bytes.Cut(s.head, []byte("\r\n\r\n"))
	if !complete {
		return nil, nil
	}
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 200 ")) {
		status, _, _ := bytes.Cut(head, []byte("\r\n"))
		return nil, fmt.Errorf("load: the stream was answered with %q: %.200s", status, rest)
	}
	s.body.chunked = bytes.Contains(bytes.ToLower(head), []byte("\r\ntransfer-encoding: chunked"))
	s.phase = open
	s.Watcher.Opened(s)
	return rest, nil
}
