package load

import (
	"fmt"
	"io"
	"testing"
	"time"
)

// A listener notes the events of one stream.
type listener struct{ got []string }

func (l *listener) Opened(*Stream)       {}
func (l *listener) Ended(*Stream, error) {}
func (l *listener) Received(_ *Stream, e Event, _ time.Time) {
	l.got = append(l.got, fmt.Sprintf("%s|%s|%s", e.ID, e.Name, e.Data))
}

const twoEvents = "\r\n: hi\nid: 1\nevent: a\ndata: x\ndata: y\n\nid:2\r\ndata:z\r\n\r\n"

// What comes is cut at every place in turn: nothing depends on how it was
// split into reads or chunks.
func TestDecoderDoesNotCareWhereReadsEnd(t *testing.T) {
	chunked := ""
	for _, c := range []string{twoEvents[:7], twoEvents[7:30], twoEvents[30:]} {
		chunked += fmt.Sprintf("%x;ext=1\r\n%s\r\n", len(c), c)
	}
	for _, body := range []struct {
		chunked bool
		text    string
	}{{false, twoEvents}, {true, chunked}} {
		for cut := range len(body.text) {
			l := &listener{}
			s := &Stream{Watcher: l, phase: open}
			s.body.chunked = body.chunked
			for _, part := range []string{body.text[:cut], body.text[cut:]} {
				if err := s.body.decode([]byte(part), s); err != nil {
					t.Fatal(err)
				}
			}
			if len(l.got) != 2 || l.got[0] != "1|a|x\ny" || l.got[1] != "2||z" || s.LastID() != "2" {
				t.Fatalf("chunked %v, cut at %d: got %q, last id %q", body.chunked, cut, l.got, s.LastID())
			}
		}
	}
}

func TestDecoderEndsWithTheLastChunk(t *testing.T) {
	s := &Stream{Watcher: &listener{}, phase: open}
	s.body.chunked = true
	if err := s.body.decode([]byte("0\r\n\r\n"), s); err != io.EOF {
		t.Errorf("got %v", err)
	}
	s.body = decoder{chunked: true}
	if err := s.body.decode([]byte("no size\r\n"), s); err != errChunk {
		t.Errorf("got %v", err)
	}
}
