package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/coder/websocket"
)

// A stream gives frames, whatever carries them.
type stream struct {
	next  func() (frame, error)
	send  func(text string) error // on a socket
	code  func() int              // why a socket was closed
	close func()
}

// An opener opens a stream with the parameters and, if it is not empty, the header
// Last-Event-ID.
type opener func(ctx context.Context, t target, query url.Values, lastEventID string) (*stream, error)

var openers = map[string]opener{"sse": openSSE, "poll": openPolls, "socket": openSocket}

func get(ctx context.Context, address, lastEventID string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "text/event-stream")
	if lastEventID != "" {
		req.Header.Set("Last-Event-ID", lastEventID)
	}
	resp, err := client.Do(req)
	if err == nil && resp.StatusCode != http.StatusOK {
		defer resp.Body.Close()
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 200))
		return nil, fmt.Errorf("status %d: %s", resp.StatusCode, text)
	}
	return resp, err
}

// checkHeaders checks those of a stream, and of a poll.
func checkHeaders(h http.Header, want map[string]string) error {
	for name, value := range want {
		if got := h.Get(name); !strings.EqualFold(got, value) {
			return fmt.Errorf("the header %s is %q, want %q", name, got, value)
		}
	}
	if got := h.Get("Content-Encoding"); got != "" {
		return fmt.Errorf("it is compressed: %s", got)
	}
	return nil
}

func openSSE(ctx context.Context, t target, query url.Values, lastEventID string) (*stream, error) {
	resp, err := get(ctx, t.url+"/events?"+query.Encode(), lastEventID)
	if err != nil {
		return nil, err
	}
	s := &stream{close: func() { resp.Body.Close() }}
	err = checkHeaders(resp.Header, map[string]string{
		"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff",
	})
	if err != nil {
		s.close()
		return nil, err
	}
	r := bufio.NewReaderSize(resp.Body, 1<<20)
	s.next = func() (frame, error) { return readFrame(r) }
	return s, nil
}

// pollWait is how many milliseconds a poll waits for the first event.
const pollWait = "2000"

// openPolls asks again whenever an answer has been read to its end. The hello of the
// first answer begins the stream; later ones must resume it.
func openPolls(ctx context.Context, t target, query url.Values, lastEventID string) (*stream, error) {
	r, err := poll(ctx, t, query, lastEventID)
	if err != nil {
		return nil, err
	}
	position := ""
	next := func() (frame, error) {
		for {
			f, err := readFrame(r)
			if err == nil && f.id != "" {
				position = f.position()
			}
			if err != io.EOF {
				return f, err
			}
			again := url.Values{"topic": query["topic"], "after": {position}, "wait": {pollWait}}
			if r, err = poll(ctx, t, again, ""); err != nil {
				return f, err
			}
			hello, err := readFrame(r)
			if err != nil || hello.event != "hello" || !strings.Contains(hello.data, `"mode":"resumed"`) {
				return f, fmt.Errorf("the next answer does not begin with a hello that resumes, but with %+v (%v)", hello, err)
			}
		}
	}
	return &stream{next: next, close: func() {}}, nil
}

func poll(ctx context.Context, t target, query url.Values, lastEventID string) (*bufio.Reader, error) {
	resp, err := get(ctx, t.url+"/poll?"+query.Encode(), lastEventID)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if err := checkHeaders(resp.Header, map[string]string{"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store, no-transform"}); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.ContentLength != int64(len(body)) {
		err = fmt.Errorf("its length is %d, and it was said to be %d", len(body), resp.ContentLength)
	}
	return bufio.NewReader(bytes.NewReader(body)), err
}

func openSocket(ctx context.Context, t target, query url.Values, lastEventID string) (*stream, error) {
	header := http.Header{}
	if lastEventID != "" {
		header.Set("Last-Event-ID", lastEventID)
	}
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(t.url, "http")+"/socket?"+query.Encode(), &websocket.DialOptions{HTTPHeader: header})
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(16 << 20)
	var left *bufio.Reader
	closed := 0
	s := &stream{
		send:  func(text string) error { return conn.Write(ctx, websocket.MessageText, []byte(text)) },
		code:  func() int { return closed },
		close: func() { conn.CloseNow() },
	}
	s.next = func() (frame, error) {
		for {
			if left != nil {
				if f, err := readFrame(left); err != io.EOF {
					return f, err
				}
			}
			kind, message, err := conn.Read(ctx)
			if err != nil {
				closed = int(websocket.CloseStatus(err))
				return frame{}, err
			}
			if kind != websocket.MessageText {
				return frame{}, errors.New("a message is not text")
			}
			left = bufio.NewReader(bytes.NewReader(message))
		}
	}
	return s, nil
}
