package site_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/shared/event"
)

// A stream is an open connection of a browser's, on any transport.
type stream struct {
	b      *browser
	frames *bufio.Reader
	close  func()
}

// streamTime ends a stream that is waited at in vain.
const streamTime = 2 * time.Minute

// A frame is one Server-Sent Event.
type frame struct{ id, name, data string }

// open opens a stream; the query begins with the first topic.
func (b *browser) open(query string) *stream {
	b.rig.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), streamTime)
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, b.rig.url+"/events?topic="+query, nil)
	resp, err := b.client.Do(req)
	if err != nil {
		b.rig.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		b.rig.t.Fatalf("%s: status %d", query, resp.StatusCode)
	}
	s := &stream{b, bufio.NewReader(resp.Body), func() { cancel(); resp.Body.Close() }}
	b.rig.t.Cleanup(s.close)
	return s
}

// dial opens a socket.
func (b *browser) dial(query string) (*stream, error) {
	ctx, cancel := context.WithTimeout(context.Background(), streamTime)
	conn, _, err := websocket.Dial(ctx, b.rig.url+"/socket?topic="+query, &websocket.DialOptions{HTTPClient: b.client})
	if err != nil {
		cancel()
		return nil, err
	}
	r, w := io.Pipe()
	go func() {
		for {
			_, message, err := conn.Read(ctx)
			if err != nil {
				w.CloseWithError(err)
				return
			}
			if _, err := w.Write(message); err != nil {
				return
			}
		}
	}()
	s := &stream{b, bufio.NewReader(r), func() { conn.CloseNow(); cancel(); r.Close() }}
	b.rig.t.Cleanup(s.close)
	return s, nil
}

// next returns the next frame that is called name.
func (s *stream) next(name string) frame {
	s.b.rig.t.Helper()
	for {
		var f frame
		for {
			line, err := s.frames.ReadString('\n')
			if err != nil {
				s.b.rig.t.Fatalf("the stream ended before a %s: %v", name, err)
			}
			field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
			if field == "" {
				break
			}
			switch field {
			case "id":
				f.id = value
			case "event":
				f.name = value
			case "data":
				f.data += value
			}
		}
		if f.name == name {
			return f
		}
	}
}

// receiveValue returns the next event of a type.
func receiveValue[T any](s *stream, of event.Type[T]) (event.ID, T) {
	s.b.rig.t.Helper()
	e := receive(s, of)
	return e.ID, e.Value
}

// receive is receiveValue with topic and time.
func receive[T any](s *stream, of event.Type[T]) event.Of[T] {
	s.b.rig.t.Helper()
	f := s.next(of.Name())
	m, err := event.ParseMeta(f.id)
	if err != nil || m.Topic == "" {
		s.b.rig.t.Fatalf("an event with the id %q: %v", f.id, err)
	}
	e, err := of.DecodeForm(f.name, m, []byte(f.data))
	if err != nil {
		s.b.rig.t.Fatal(err)
	}
	return e
}
