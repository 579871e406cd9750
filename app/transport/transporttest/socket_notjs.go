//go:build !js

package transporttest

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// The protocol is spoken by hand (RFC 6455): no library breaks it on purpose.

// isUpgrade reports whether a request is one for a WebSocket.
func isUpgrade(r *http.Request) bool { return r.Header.Get("Sec-WebSocket-Key") != "" }

// upgrade answers a handshake and says the parts: each frame of the stream is a
// message, and what is no whole frame is the beginning of one that does not end,
// unless the socket is to be closed properly.
func (a Answer) upgrade(w http.ResponseWriter, r *http.Request, proceed <-chan struct{}) {
	conn, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err) // HTTP/1.1 without middleware
	}
	defer conn.Close()
	conn.SetDeadline(time.Time{})
	gone := make(chan struct{})
	go func() { // ends with the connection
		defer close(gone)
		leave(buf.Reader)
	}()
	said := handshake(r) + messages(strings.Join(a.Parts, ""), a.Then == Finish)
	if !a.write(conn, said, gone) {
		return
	}
	if a.Await {
		select {
		case <-proceed:
		case <-gone:
		}
	}
	switch a.Then {
	case Finish:
		io.WriteString(conn, "\x88\x00") // a close frame, without a reason
		<-gone
	case Reset:
		conn.(*net.TCPConn).SetLinger(0)
	case Hold:
		<-gone
	}
}

// write says everything at once, or byte by byte.
func (a Answer) write(conn net.Conn, said string, gone <-chan struct{}) bool {
	pieces := []string{said}
	if a.Every > 0 {
		pieces = strings.Split(said, "")
	}
	for _, piece := range pieces {
		if a.Every > 0 {
			select {
			case <-time.After(time.Duration(a.Every) * time.Millisecond):
			case <-gone:
				return false
			}
		}
		if _, err := io.WriteString(conn, piece); err != nil {
			return false
		}
	}
	return true
}

func handshake(r *http.Request) string {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: " + base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n"
}

// messages encodes a stream's text.
func messages(text string, properly bool) string {
	var b strings.Builder
	for text != "" {
		frame, rest, whole := strings.Cut(text, "\n\n")
		more := 0
		switch {
		case whole:
			frame += "\n\n"
		case !properly:
			more = 1
		}
		b.WriteString(header(len(frame) + more))
		b.WriteString(frame)
		text = rest
	}
	return b.String()
}

// header begins a message of one text frame.
func header(n int) string {
	if n < 126 {
		return string([]byte{0x81, byte(n)})
	}
	return string(binary.BigEndian.AppendUint16([]byte{0x81, 126}, uint16(n)))
}

// leave reads until the browser goes, or says that it does.
func leave(r *bufio.Reader) {
	for {
		first, err := r.ReadByte()
		if err != nil || first&0x0f == 8 { // a close frame
			return
		}
		second, err := r.ReadByte()
		if err != nil {
			return
		}
		n := int64(second & 0x7f)
		switch n {
		case 126:
			var long uint16
			err = binary.Read(r, binary.BigEndian, &long)
			n = int64(long)
		case 127:
			err = binary.Read(r, binary.BigEndian, &n)
		}
		if _, discarded := io.CopyN(io.Discard, r, n+4); err != nil || discarded != nil { // 4 of the mask
			return
		}
	}
}
