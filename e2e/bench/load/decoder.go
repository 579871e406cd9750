package load

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"time"
)

// A decoder takes a response's body apart: chunks (RFC 9112, section 7.1), and
// in them the lines of events. It does what the servers under test need and no
// more: a line ends with LF or CRLF.
type decoder struct {
	chunked bool
	size    []byte // of the next chunk, while its line is incomplete
	left    int    // of the chunk
	ending  bool   // the line end after a chunk is due

	line   []byte // an incomplete line
	id     []byte
	name   []byte
	data   []byte
	lastID []byte // of the last event that was complete
}

var errChunk = errors.New("load: the chunked body is malformed")

// decode tells the stream's watcher about the events that text completes.
func (d *decoder) decode(text []byte, s *Stream) error {
	now := time.Now() // once for all that came together
	if !d.chunked {
		d.events(text, s, now)
		return nil
	}
	for len(text) > 0 && s.phase == open {
		if d.left == 0 {
			var err error
			if text, err = d.chunkSize(text); err != nil {
				return err
			}
			continue
		}
		n := min(d.left, len(text))
		d.left -= n
		d.ending = d.left == 0
		d.events(text[:n], s, now)
		text = text[n:]
	}
	return nil
}

// chunkSize reads on in the line that gives the next chunk's size.
func (d *decoder) chunkSize(text []byte) (rest []byte, err error) {
	line, rest, complete := bytes.Cut(text, []byte("\n"))
	d.size = append(d.size, line...)
	if !complete {
		return nil, nil
	}
	size, _, _ := bytes.Cut(bytes.TrimSuffix(d.size, []byte("\r")), []byte(";"))
	d.size = d.size[:0]
	if d.ending {
		d.ending = false
		if len(size) > 0 {
			return nil, errChunk
		}
		return rest, nil
	}
	n, err := strconv.ParseUint(string(size), 16, 31)
	if err != nil {
		return nil, errChunk
	}
	if n == 0 {
		return nil, io.EOF
	}
	d.left = int(n)
	return rest, nil
}

// events reads on in the lines.
func (d *decoder) events(text []byte, s *Stream, now time.Time) {
	for s.phase == open { // the watcher may close it
		line, rest, complete := bytes.Cut(text, []byte("\n"))
		if !complete {
			d.line = append(d.line, line...)
			return
		}
		if len(d.line) > 0 {
			line = append(d.line, line...)
			d.line = line[:0]
		}
		d.field(bytes.TrimSuffix(line, []byte("\r")), s, now)
		text = rest
	}
}

// field takes one line (HTML Standard, section 9.2.6).
func (d *decoder) field(line []byte, s *Stream, now time.Time) {
	if len(line) == 0 {
		d.dispatch(s, now)
		return
	}
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(name) {
	case "id":
		d.id = append(d.id[:0], value...)
	case "event":
		d.name = append(d.name[:0], value...)
	case "data":
		d.data = append(append(d.data, value...), '\n')
	}
}

func (d *decoder) dispatch(s *Stream, now time.Time) {
	if len(d.id) > 0 {
		d.lastID = append(d.lastID[:0], d.id...)
	}
	if len(d.data) > 0 {
		s.Watcher.Received(s, Event{ID: d.id, Name: d.name, Data: d.data[:len(d.data)-1]}, now)
	}
	d.id, d.name, d.data = d.id[:0], d.name[:0], d.data[:0]
}
