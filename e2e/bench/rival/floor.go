package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"sync"

	"golang.org/x/sys/unix"
)

// A floor is what no server can be cheaper than without writing several events
// at once: for each event, one write(2) to each reader. It has no HTTP server,
// no buffers and no goroutine for a reader, keeps nothing, and drops what a
// reader's socket does not take.
type floor struct {
	encode encoder
	mu     sync.Mutex
	rooms  map[string][]int // descriptors
}

// runFloor accepts until ctx ends.
func runFloor(ctx context.Context, addr string) error {
	listener, err := listen(addr)
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { unix.Shutdown(listener, unix.SHUT_RDWR) })
	f := &floor{rooms: map[string][]int{}}
	for {
		fd, _, err := unix.Accept4(listener, unix.SOCK_CLOEXEC)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("accept: %w", err)
		}
		f.begin(fd)
	}
}

func listen(addr string) (fd int, err error) {
	at, err := netip.ParseAddrPort(addr)
	if err != nil {
		return 0, err
	}
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return 0, err
	}
	const acceptTimeout = 30 // seconds until a silent connection is accepted after all
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, acceptTimeout); err != nil {
		return 0, err
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}); err != nil {
		return 0, err
	}
	return fd, unix.Listen(fd, 4096)
}

// begin reads a connection's first request. A reader's connection needs nothing
// more; a publisher's gets a goroutine. Nobody is held up meanwhile: accept has
// waited for the request.
func (f *floor) begin(fd int) {
	in := bufio.NewReaderSize(descriptor(fd), 1<<10)
	req, err := http.ReadRequest(in)
	switch {
	case err != nil:
		unix.Close(fd)
	case req.Method == http.MethodGet:
		f.follow(fd, roomOf(req))
	default:
		go f.take(fd, in, req)
	}
}

// follow answers a reader and lists it.
func (f *floor) follow(fd int, room string) {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err := unix.Write(fd, []byte(head))
	if err != nil || unix.SetNonblock(fd, true) != nil {
		unix.Close(fd)
		return
	}
	f.rooms[room] = append(f.rooms[room], fd)
}

// take publishes what a connection posts.
func (f *floor) take(fd int, in *bufio.Reader, req *http.Request) {
	defer unix.Close(fd)
	for {
		if f.post(fd, req) != nil {
			return
		}
		var err error
		if req, err = http.ReadRequest(in); err != nil {
			return
		}
	}
}

// post publishes one event and answers.
func (f *floor) post(fd int, req *http.Request) error {
	room, id, data, err := f.encode.event(req.Body)
	if err != nil {
		return err
	}
	f.write(room, frame(id, data))
	body := `{"id":"` + id + `"}`
	_, err = unix.Write(fd, fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
	return err
}

// write is the floor itself.
func (f *floor) write(room string, frame []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rooms[room] = slices.DeleteFunc(f.rooms[room], func(fd int) bool {
		n, err := unix.Write(fd, frame)
		if err == unix.EAGAIN || n == len(frame) {
			return false
		}
		unix.Close(fd) // gone, or cut in the middle of a frame
		return true
	})
}

// A descriptor is read as a blocking file.
type descriptor int

func (d descriptor) Read(p []byte) (int, error) {
	n, err := unix.Read(int(d), p)
	switch {
	case err != nil:
		return 0, err
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}
