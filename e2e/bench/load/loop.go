package load

import (
	"fmt"
	"net/netip"
	"slices"
	"sync"

	"golang.org/x/sys/unix"
)

// A Loop runs streams to one server. Make it with [NewLoop].
type Loop struct {
	server  unix.SockaddrInet4
	poll    int       // the epoll descriptor
	bell    int       // an eventfd that interrupts the poll
	streams []*Stream // by descriptor
	opened  int       // picks the source address
	buf     []byte    // what one read takes

	mu     sync.Mutex
	mail   []func()
	closed bool
	done   chan struct{}
}

// NewLoop starts a loop for the server at addr, which must be IPv4. The caller
// must Close it.
func NewLoop(addr string) (*Loop, error) {
	server, err := netip.ParseAddrPort(addr)
	if err != nil || !server.Addr().Is4() {
		return nil, fmt.Errorf("load: %q is not an IPv4 address and port", addr)
	}
	poll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	bell, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		unix.Close(poll)
		return nil, fmt.Errorf("load: %w", err)
	}
	l := &Loop{
		server: unix.SockaddrInet4{Port: int(server.Port()), Addr: server.Addr().As4()},
		poll:   poll, bell: bell,
		buf:  make([]byte, 64<<10),
		done: make(chan struct{}),
	}
	if err := l.watch(unix.EPOLL_CTL_ADD, bell, unix.EPOLLIN); err != nil {
		unix.Close(bell)
		unix.Close(poll)
		return nil, fmt.Errorf("load: %w", err)
	}
	go l.run()
	return l, nil
}

// Do runs f in the loop's goroutine, where streams may be touched, and returns
// when it has run. It reports false if the loop was closed before that.
func (l *Loop) Do(f func()) bool {
	ran := make(chan struct{})
	if !l.post(func() { f(); close(ran) }) {
		return false
	}
	select {
	case <-ran:
		return true
	case <-l.done:
		return false
	}
}

// Close closes the streams and waits for the loop.
func (l *Loop) Close() {
	l.post(func() { l.closed = true })
	<-l.done
}

func (l *Loop) post(f func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.done:
		return false // and the bell's descriptor is somebody else's by now
	default:
	}
	l.mail = append(l.mail, f)
	_, err := unix.Write(l.bell, []byte{1, 0, 0, 0, 0, 0, 0, 0})
	return err == nil
}

func (l *Loop) run() {
	defer l.end()
	var events [512]unix.EpollEvent
	for !l.closed {
		n, err := unix.EpollWait(l.poll, events[:], -1)
		if err != nil && err != unix.EINTR {
			panic("load: epoll_wait: " + err.Error()) // the descriptor is the loop's own
		}
		rung := false
		for _, e := range events[:max(n, 0)] {
			if int(e.Fd) == l.bell {
				rung = true
			} else if s := l.streams[e.Fd]; s != nil {
				s.ready(e.Events)
			}
		}
		if rung { // last, so that no descriptor of this round has been given anew
			l.readMail()
		}
	}
}

func (l *Loop) readMail() {
	var count [8]byte
	_, _ = unix.Read(l.bell, count[:]) // an empty bell is no harm
	l.mu.Lock()
	mail := l.mail
	l.mail = nil
	l.mu.Unlock()
	for _, f := range mail {
		f()
	}
}

func (l *Loop) end() {
	for _, s := range l.streams {
		if s != nil {
			s.Close()
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	unix.Close(l.bell)
	unix.Close(l.poll)
	close(l.done)
}

func (l *Loop) watch(op, fd int, events uint32) error {
	return unix.EpollCtl(l.poll, op, fd, &unix.EpollEvent{Fd: int32(fd), Events: events})
}

// attach lets the poll's events about fd reach s.
func (l *Loop) attach(fd int, s *Stream) {
	if fd >= len(l.streams) {
		l.streams = slices.Grow(l.streams, fd+1-len(l.streams))[:fd+1]
	}
	l.streams[fd] = s
}

// source returns the address that the next stream comes from.
func (l *Loop) source() *unix.SockaddrInet4 {
	const sources = 16
	l.opened++
	return &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, byte(2 + l.opened%sources)}}
}
