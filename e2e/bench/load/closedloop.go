package load

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Load is what clients did that post as fast as they are answered.
type Load struct {
	Posts   int
	Took    time.Duration
	Answers Histogram // from the sending of a post to its answer
}

// PerSecond returns how many posts were answered in a second.
func (l *Load) PerSecond() float64 { return float64(l.Posts) / l.Took.Seconds() }

// PostAll has n clients post events to a room for a time, each on a connection of its
// own, the next post when the last is answered. It reads no more of an answer than it
// must, since the clients share the machine with the server.
func PostAll(ctx context.Context, addr string, n int, room string, d time.Duration) (*Load, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	clients := make([]client, n)
	for i := range clients {
		if err := clients[i].connect(addr, room); err != nil {
			return nil, err
		}
		defer clients[i].conn.Close()
	}
	var wg sync.WaitGroup
	begun := time.Now()
	for i := range clients {
		wg.Go(func() { clients[i].post(ctx) })
	}
	wg.Wait()
	all := &Load{Took: time.Since(begun)}
	for _, c := range clients {
		if c.err != nil {
			return nil, fmt.Errorf("load: %w", c.err)
		}
		all.Posts += int(c.answers.Count())
		all.Answers.Add(&c.answers)
	}
	return all, nil
}

// A client is one connection of PostAll.
type client struct {
	conn    net.Conn
	in      *bufio.Reader
	request []byte
	answers Histogram
	err     error
}

func (c *client) connect(addr, room string) (err error) {
	if c.conn, err = net.Dial("tcp", addr); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	c.in = bufio.NewReader(c.conn)
	body := fmt.Sprintf(`{"room":%q,"author":"load","text":%q}`, room, strings.Repeat("x", 40))
	c.request = fmt.Appendf(nil, "POST /commands/chat.post HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		addr, len(body), body)
	return nil
}

func (c *client) post(ctx context.Context) {
	for ctx.Err() == nil && c.err == nil {
		begun := time.Now()
		if _, c.err = c.conn.Write(c.request); c.err != nil {
			return
		}
		if c.err = c.answer(); c.err == nil {
			c.answers.Record(time.Since(begun))
		}
	}
}

// answer skips a response, which must be a 200.
func (c *client) answer() error {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) {
		return fmt.Errorf("a post was answered with %q", line)
	}
	length := 0
	for len(line) > 2 {
		if line, err = c.in.ReadSlice('\n'); err != nil {
			return err
		}
		if value, is := bytes.CutPrefix(line, []byte("Content-Length: ")); is {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
	_, err = c.in.Discard(length)
	return err
}
