package e2e_test

import (
	"io"
	"net"
	"sync/atomic"
	"testing"
)

// A meter stands between a browser and a server and counts what comes from the
// server.
type meter struct {
	url  string
	down atomic.Int64
}

func newMeter(t testing.TB, server string) *meter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	m := &meter{url: "http://" + l.Addr().String() + "/"}
	go func() { // ends with the listener
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			go m.pass(near, server)
		}
	}()
	return m
}

// pass carries one connection until either side ends it.
func (m *meter) pass(near net.Conn, server string) {
	defer near.Close()
	far, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	go func() { // ends with the connection
		defer far.Close()
		io.Copy(far, near)
	}()
	io.Copy(io.MultiWriter(near, m), far)
}

// Write counts.
func (m *meter) Write(p []byte) (int, error) {
	m.down.Add(int64(len(p)))
	return len(p), nil
}
