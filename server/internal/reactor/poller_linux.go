package reactor

import (
	"os"
	"syscall"
)

const (
	// edge makes epoll report changes only: syscall.EPOLLET is negative.
	edge = 1 << 31

	// unsent is how many unsent bytes the kernel keeps. Bytes in flight are not
	// limited, so a fast client on a long path is not slowed. For a client that
	// is stuck this is less than the megabytes that the kernel would buffer,
	// and what it reads afterwards is less old.
	unsent = 128 << 10

	tcpNotSentLowat = 25 // of linux/tcp.h; package syscall does not have it
)

// A poller reports which of its connections were closed by the client or have
// room again. It is an epoll instance, whose own descriptor Go's poller waits
// for: no thread is blocked.
type poller struct {
	connTable
	file *os.File
	raw  syscall.RawConn
}

func newPoller() (*poller, error) {
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
	return &poller{connTable: connTable{byKey: map[uint64]*Conn{}}, file: file, raw: raw}, nil
}

// add polls the connection until it is closed.
func (p *poller) add(c *Conn) bool {
	c.key = p.connTable.add(c)
	what := syscall.EpollEvent{
		Events: syscall.EPOLLRDHUP | syscall.EPOLLOUT | edge,
		Fd:     int32(c.key), Pad: int32(c.key >> 32), // 64 bits of our own
	}
	added := false
	err := c.raw.Control(func(fd uintptr) {
		// A Unix socket has no such option, and needs none.
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpNotSentLowat, unsent)
		added = p.control(func(epoll int) error {
			return syscall.EpollCtl(epoll, syscall.EPOLL_CTL_ADD, int(fd), &what)
		})
	})
	if err != nil || !added {
		p.forget(c)
		return false
	}
	return true
}

func (p *poller) control(fn func(epoll int) error) bool {
	var failed error
	err := p.raw.Control(func(fd uintptr) { failed = fn(int(fd)) })
	return err == nil && failed == nil
}

// forget must be called before the connection is closed, which ends the
// kernel's part of it.
func (p *poller) forget(c *Conn) { p.drop(c.key) }

// run reports what happens to the connections until the poller is closed.
func (p *poller) run(report func(c *Conn, closed bool)) {
	const ended = syscall.EPOLLRDHUP | syscall.EPOLLHUP | syscall.EPOLLERR
	events := make([]syscall.EpollEvent, 128)
	for {
		n := 0
		err := p.raw.Read(func(fd uintptr) bool {
			n, _ = syscall.EpollWait(int(fd), events, 0)
			return n > 0
		})
		if err != nil {
			return // closed
		}
		for _, e := range events[:n] {
			key := uint64(uint32(e.Fd)) | uint64(uint32(e.Pad))<<32
			if c := p.find(key); c != nil {
				report(c, e.Events&ended != 0)
			}
		}
	}
}

func (p *poller) close() { p.file.Close() }

// writeNow writes as much as there is room for, without waiting for more.
func writeNow(fd uintptr, p []byte) (int, error) {
	for {
		n, err := rawWrite(fd, p)
		switch err {
		case 0:
			return n, nil
		case syscall.EAGAIN:
			return 0, nil
		case syscall.EINTR:
		default:
			return 0, err
		}
	}
}
