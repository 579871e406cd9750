package sse_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
)

// chunks reads a body in chunks, and takes nothing but the shortest form of what
// RFC 9112 allows, each of them whole frames.
type chunks struct {
	body *bufio.Reader
	rest []byte
	end  error
}

func (c *chunks) Read(p []byte) (int, error) {
	for len(c.rest) == 0 {
		if c.end != nil {
			return 0, c.end
		}
		if c.end = c.next(); c.end != nil {
			return 0, c.end
		}
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// next reads a chunk. After the last one it reports io.EOF, and without one
// io.ErrUnexpectedEOF.
func (c *chunks) next() error {
	line, err := c.body.ReadString('\n')
	if err != nil {
		return io.ErrUnexpectedEOF
	}
	size, err := strconv.ParseUint(line[:max(len(line)-2, 0)], 16, 32)
	if err != nil || line != fmt.Sprintf("%x\r\n", size) {
		return fmt.Errorf("a chunk begins with %q", line)
	}
	chunk := make([]byte, size+2)
	if _, err := io.ReadFull(c.body, chunk); err != nil {
		return io.ErrUnexpectedEOF
	}
	c.rest = chunk[:size]
	switch {
	case string(chunk[size:]) != "\r\n":
		return fmt.Errorf("a chunk of %d bytes is followed by %q", size, chunk[size:])
	case size > 0 && !bytes.HasSuffix(c.rest, []byte("\n\n")):
		return fmt.Errorf("a chunk ends with %q, in the middle of a frame", c.rest[max(0, int(size)-20):])
	case size == 0:
		if more, err := io.ReadAll(c.body); len(more) > 0 || err != nil {
			return fmt.Errorf("after the last chunk comes %q, %v", more, err)
		}
		return io.EOF
	}
	return nil
}

func TestChunkHoldsItsFrameWhateverItsSize(t *testing.T) {
	for _, size := range []int{0, 1, 200, 5_000, 70_000} {
		e, err := event.New(event.NewID("e1", 1, "k"), event.Draft{
			Topic: "t", Type: "test.event", Data: bytes.Repeat([]byte("x"), size),
		}, time.Unix(0, 0))
		if err != nil {
			t.Fatal(err)
		}
		chunk := sse.EncodeEvent(e)
		frame, err := io.ReadAll(&chunks{body: bufio.NewReader(io.MultiReader(bytes.NewReader(chunk), bytes.NewReader([]byte("0\r\n\r\n"))))})
		if err != nil || !bytes.Equal(frame, sse.Frame(chunk)) || !bytes.Contains(frame, bytes.Repeat([]byte("x"), size)) {
			t.Errorf("%d bytes: %.60q holds %.60q: %v", size, chunk, frame, err)
		}
	}
}
