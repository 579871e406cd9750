package load

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// answerTime is how long a poster waits for an answer before it gives the server
// up: a server that one stuck reader holds up would never answer.
const answerTime = 5 * time.Second

// Acknowledged has, for each room and poster, how many events the server has
// acknowledged. A poster's numbers begin at 1 and have no holes.
type Acknowledged map[string][]uint32

// A Publisher posts events at a steady rate. Make it with [NewPublisher].
type Publisher struct {
	// Acked, if set, is told the server's id of every event, in order for each
	// poster but from several goroutines.
	Acked func(m Stamp, id string)

	// Padding makes every text longer, by this many bytes.
	Padding int

	addr    string
	rooms   []string
	posters []*poster

	mu           sync.Mutex
	acknowledged Acknowledged
}

// A poster is one keep-alive connection, which has one request under way at most.
type poster struct {
	publisher *Publisher
	number    int
	conn      net.Conn
	answers   *bufio.Reader
	sent      map[string]uint32
	err       error // why it has given up
}

// NewPublisher connects posters to the server. They take turns, and so do the
// rooms. The caller must Close it.
func NewPublisher(ctx context.Context, addr string, posters int, rooms []string) (*Publisher, error) {
	p := &Publisher{addr: addr, rooms: rooms, acknowledged: Acknowledged{}}
	for i := range posters {
		var d net.Dialer
		conn, err := d.DialContext(ctx, "tcp", addr)
		if err != nil {
			p.Close()
			return nil, fmt.Errorf("load: %w", err)
		}
		p.posters = append(p.posters, &poster{
			publisher: p, number: i, conn: conn, answers: bufio.NewReader(conn), sent: map[string]uint32{},
		})
	}
	return p, nil
}

// Close closes the posters.
func (p *Publisher) Close() {
	for _, l := range p.posters {
		l.conn.Close()
	}
}

// Publish posts rate events a second until the time is over or ctx ends, and
// returns when all that were sent have been answered. What could not be sent in
// the time is left out. A poster that is not answered stays out of later calls.
func (p *Publisher) Publish(ctx context.Context, rate float64, d time.Duration) error {
	start := time.Since(clock)
	var wg sync.WaitGroup
	for i, l := range p.posters {
		wg.Go(func() {
			for k := i; l.err == nil; k += len(p.posters) {
				due := time.Duration(float64(k) / rate * float64(time.Second))
				if due >= d || time.Since(clock) >= start+d || !waitUntil(ctx, start+due) {
					return
				}
				l.err = l.post(p.rooms[k%len(p.rooms)], start+due)
			}
		})
	}
	wg.Wait()
	return p.stopped()
}

// stopped returns why posters have given up, nil if none has.
func (p *Publisher) stopped() (err error) {
	n := 0
	for _, l := range p.posters {
		if l.err != nil {
			n++
			err = l.err
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d posters gave up: %w", n, len(p.posters), err)
}

// Acknowledged returns what has been acknowledged so far.
func (p *Publisher) Acknowledged() Acknowledged {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := maps.Clone(p.acknowledged)
	for room := range t {
		t[room] = slices.Clone(t[room])
	}
	return t
}

// Total counts the acknowledged events.
func (t Acknowledged) Total() (n int) {
	for _, posters := range t {
		for _, count := range posters {
			n += int(count)
		}
	}
	return n
}

// waitUntil waits for the clock to show t. It reports false if ctx ended.
func waitUntil(ctx context.Context, t time.Duration) bool {
	timer := time.NewTimer(t - time.Since(clock))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// post publishes the poster's next event to the room and waits for the answer.
func (l *poster) post(room string, due time.Duration) error {
	m := Stamp{Poster: l.number, Number: l.sent[room] + 1, Due: due, Sent: time.Since(clock)}
	l.sent[room]++
	text := m.String() + strings.Repeat("x", l.publisher.Padding)
	body, err := json.Marshal(map[string]string{"room": room, "author": "load", "text": text})
	if err != nil {
		return err
	}
	var request bytes.Buffer
	fmt.Fprintf(&request, "POST /commands/chat.post HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		l.publisher.addr, len(body), body)
	if err := l.conn.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return err
	}
	if _, err := l.conn.Write(request.Bytes()); err != nil {
		return err
	}
	id, err := l.answer()
	if err != nil {
		return err
	}
	l.publisher.acknowledge(room, m, id)
	return nil
}

// answer reads the response and returns the event's id.
func (l *poster) answer() (id string, err error) {
	resp, err := http.ReadResponse(l.answers, nil)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("load: the post was answered with %s: %s", resp.Status, body)
	}
	var reply struct {
		ID string `json:"id"`
	}
	err = json.Unmarshal(body, &reply)
	return reply.ID, err
}

func (p *Publisher) acknowledge(room string, m Stamp, id string) {
	p.mu.Lock()
	if p.acknowledged[room] == nil {
		p.acknowledged[room] = make([]uint32, len(p.posters))
	}
	p.acknowledged[room][m.Poster] = m.Number
	p.mu.Unlock()
	if p.Acked != nil {
		p.Acked(m, id)
	}
}
