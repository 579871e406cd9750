package faults_test

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/e2e/faults/program"
)

// The frames of HTTP/2 that take part (RFC 9113, section 6).
const (
	headersFrame  = 0x1
	resetFrame    = 0x3
	settingsFrame = 0x4
	pingFrame     = 0x6

	acknowledged, endStream, endHeaders = 0x1, 0x1, 0x4
)

func http2Frame(kind, flags byte, stream uint32, payload []byte) []byte {
	f := []byte{0, 0, 0, kind, flags, 0, 0, 0, 0}
	binary.BigEndian.PutUint16(f[1:], uint16(len(payload)))
	binary.BigEndian.PutUint32(f[5:], stream)
	return append(f, payload...)
}

// pageThatIsGivenUp asks for the front page and resets the stream at once.
func pageThatIsGivenUp(stream uint32, host string) []byte {
	// Indexed fields of HPACK's static table: GET, /, http; and :authority.
	block := append([]byte{0x82, 0x84, 0x86, 0x41, byte(len(host))}, host...)
	cancel := []byte{0, 0, 0, 8}
	return append(http2Frame(headersFrame, endStream|endHeaders, stream, block), http2Frame(resetFrame, 0, stream, cancel)...)
}

// resetBatch is how many are sent before the server is asked whether it has read
// them: one that is overrun closes the connection and looks at none.
const resetBatch = 50

// resetPages sends up to n such requests on one connection, and returns how many
// the server has read before it had enough of it.
func resetPages(addr string, n int) (sent int, err error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	frames := bufio.NewReader(conn)
	hello := append([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), http2Frame(settingsFrame, 0, 0, nil)...)
	batch := append(hello, http2Frame(settingsFrame, acknowledged, 0, nil)...)
	for sent < n {
		for range resetBatch {
			batch = append(batch, pageThatIsGivenUp(uint32(2*sent+1), addr)...)
			sent++
		}
		if _, err := conn.Write(append(batch, http2Frame(pingFrame, 0, 0, make([]byte, 8))...)); err != nil {
			return sent, nil
		}
		if !untilPong(frames) {
			return sent, nil
		}
		batch = nil
	}
	return sent, nil
}

// untilPong reads frames up to the answer to a ping, and reports whether it came.
func untilPong(frames *bufio.Reader) bool {
	var head [9]byte
	for {
		if _, err := io.ReadFull(frames, head[:]); err != nil {
			return false
		}
		length := int(head[0])<<16 | int(head[1])<<8 | int(head[2])
		if _, err := frames.Discard(length); err != nil {
			return false
		}
		if head[3] == pingFrame && head[4] == acknowledged {
			return true
		}
	}
}

// Pages whose client has gone are not rendered: they cost no memory, no lines
// in the log, and no other request's time.
func TestPagesResetOverHTTP2CostLittle(t *testing.T) {
	p := program.Start(t, "-h2c")
	for range 50 {
		p.Post("lobby", "ann", strings.Repeat("x", 1000))
	}
	before := p.Memory("VmRSS")
	begin := time.Now()
	for total := 0; total < 20_000; {
		sent, err := resetPages(p.Addr, 20_000-total)
		if err != nil {
			t.Fatal(err)
		}
		total += sent
	}
	took := time.Since(begin)
	post := timed(func() { p.Post("lobby", "bob", "after them") })
	serveFresh(t, p)
	lines := strings.Count(p.Log(), "\n")
	t.Logf("20,000 resets in %v: %d lines, %d -> at most %d KiB, then a post took %v", took, lines, before, p.Memory("VmHWM"), post)
	if lines > 10+int(took/(10*time.Second)) {
		t.Errorf("%d lines in %v:\n%.2000s", lines, took, p.Log())
	}
	if most := p.Memory("VmHWM"); most > before+100<<10 {
		t.Errorf("memory grew from %d to %d KiB", before, most)
	}
	if post > 10*time.Second {
		t.Errorf("the next post took %v", post)
	}
}
