package load

import (
	"bytes"
	"fmt"
	"strconv"
	"time"
)

// A Stamp is what the text of every published event carries, so that a client that
// receives it knows what came before it and how long it took.
type Stamp struct {
	Poster int           // its publisher
	Number uint32        // which of the poster's events to that topic, from 1
	Due    time.Duration // when it was to be sent, since the clock's start
	Sent   time.Duration // when it was
}

// clock is the process's own, so that no adjustment of the machine's is taken
// for latency.
var clock = time.Now()

// String is the text form, which JSON does not have to escape. It has one
// length, so that events are as long at the end as at the start.
func (m Stamp) String() string {
	return fmt.Sprintf("~%02d.%07d.%013d.%013d~", m.Poster, m.Number, m.Due, m.Sent)
}

// FindStamp reads the first stamp in data.
func FindStamp(data []byte) (m Stamp, ok bool) {
	_, data, ok = bytes.Cut(data, []byte("~"))
	text, _, closed := bytes.Cut(data, []byte("~"))
	if !ok || !closed {
		return Stamp{}, false
	}
	var fields [4]int64
	for i := range fields {
		var field []byte
		field, text, _ = bytes.Cut(text, []byte("."))
		// The compiler keeps this conversion off the heap.
		n, err := strconv.ParseInt(string(field), 10, 64)
		if err != nil {
			return Stamp{}, false
		}
		fields[i] = n
	}
	return Stamp{
		Poster: int(fields[0]), Number: uint32(fields[1]),
		Due: time.Duration(fields[2]), Sent: time.Duration(fields[3]),
	}, true
}
