package sse

import (
	"os"
	"syscall"
)

const (
	// edge asks to be told of changes only: syscall.EPOLLET is negative.
	edge = 1 << 31

	// unsent is how many bytes the kernel keeps that it has not sent yet. What
	// is on its way is not limited, and so neither is a fast reader on a long
	// line. A reader who is stuck gets less of this than the megabytes that the
	// kernel would buffer, and what it reads afterwards is less old.
	unsent = 128 << 10

	tcpNotSentLowat = 25 // of linux/tcp.h, which package syscall has not
)

// A watch hears from the kernel which of its streams' connections have closed
// or have room again. It is an epoll instance, whose own descriptor Go's poller
// waits for: no thread is blocked.
type watch struct {
	roster
	file *os.File
	raw  syscall.RawConn
}

func newWatch() (*watch, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	if err := syscall.SetNonblock(fd, true); err != nil { // or os would block on it
		syscall.Close(fd)
		return nil, err
	}
	file := os.NewFile(uintptr(fd), "epoll")
	raw, err := file.SyscallConn()
	if err != nil {
		file.Close()
		return nil, err
	}
	return &watch{roster: roster{byKey: map[uint64]*stream{}}, file: file, raw: raw}, nil
}

// add watches the stream's connection until it is closed.
func (w *watch) add(s *stream) bool {
	s.key = w.roster.add(s)
	what := syscall.EpollEvent{
		Events: syscall.EPOLLRDHUP | syscall.EPOLLOUT | edge,
		Fd:     int32(s.key), Pad: int32(s.key >> 32), // 64 bits of our own
	}
	added := false
	err := s.raw.Control(func(fd uintptr) {
		// A Unix socket has no such option, and needs none.
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpNotSentLowat, unsent)
		added = w.control(func(epoll int) error {
			return syscall.EpollCtl(epoll, syscall.EPOLL_CTL_ADD, int(fd), &what)
		})
	})
	if err != nil || !added {
		w.forget(s)
		return false
	}
	return true
}

func (w *watch) control(fn func(epoll int) error) bool {
	var failed error
	err := w.raw.Control(func(fd uintptr) { failed = fn(int(fd)) })
	return err == nil && failed == nil
}

// forget must come before the connection is closed, which ends the kernel's
// part of it.
func (w *watch) forget(s *stream) { w.drop(s.key) }

// run reports what happens to the streams until the watch is closed.
func (w *watch) run(report func(s *stream, closed bool)) {
	const ended = syscall.EPOLLRDHUP | syscall.EPOLLHUP | syscall.EPOLLERR
	events := make([]syscall.EpollEvent, 128)
	for {
		n := 0
		err := w.raw.Read(func(fd uintptr) bool {
			n, _ = syscall.EpollWait(int(fd), events, 0)
			return n > 0
		})
		if err != nil {
			return // closed
		}
		for _, e := range events[:n] {
			key := uint64(uint32(e.Fd)) | uint64(uint32(e.Pad))<<32
			if s := w.find(key); s != nil {
				report(s, e.Events&ended != 0)
			}
		}
	}
}

func (w *watch) close() { w.file.Close() }

// tryWrite writes as much as there is room for, without waiting for more.
func tryWrite(fd uintptr, p []byte) (int, error) {
	for {
		n, err := syscall.Write(int(fd), p)
		switch err {
		case nil:
			return n, nil
		case syscall.EAGAIN:
			return 0, nil
		case syscall.EINTR:
		default:
			return 0, err
		}
	}
}
