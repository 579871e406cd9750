package load

import (
	"bytes"
	"fmt"
	"strconv"
	"time"
)

// A Mark is what the text of every published event carries, so that whoever
// receives it can tell what came before it and how long it took.
type Mark struct {
	Lane   int           // who published it
	Number uint32        // which of the lane's events to that topic, from 1
	Due    time.Duration // when it was to be sent, since the clock's start
	Sent   time.Duration // when it was
}

// clock is the process's own, so that no adjustment of the machine's is taken
// for latency.
var clock = time.Now()

// String is the text form, which JSON does not have to escape. It has one
// length, so that events are as long at the end as at the start.
func (m Mark) String() string {
	return fmt.Sprintf("~%02d.%07d.%013d.%013d~", m.Lane, m.Number, m.Due, m.Sent)
}

// FindMark reads the first mark in data.
func FindMark(data []byte) (m Mark, ok bool) {
	_, data, ok = bytes.Cut(data, []byte("~"))
	text, _, closed := bytes.Cut(data, []byte("~"))
	if !ok || !closed {
		return Mark{}, false
	}
	var fields [4]int64
	for i := range fields {
		var field []byte
		field, text, _ = bytes.Cut(text, []byte("."))
		// The compiler keeps this conversion off the heap.
		n, err := strconv.ParseInt(string(field), 10, 64)
		if err != nil {
			return Mark{}, false
		}
		fields[i] = n
	}
	return Mark{
		Lane: int(fields[0]), Number: uint32(fields[1]),
		Due: time.Duration(fields[2]), Sent: time.Duration(fields[3]),
	}, true
}
