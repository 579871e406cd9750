package main

import (
	"bufio"
	"io"
	"strings"
)

// A frame is one event of a stream (HTML Standard, section 9.2).
type frame struct{ id, topic, name, data string }

// frames reads a stream.
type frames struct{ lines *bufio.Reader }

func newFrames(r io.Reader) frames { return frames{bufio.NewReader(r)} }

// next returns the next whole frame. A frame that the end of the stream has cut
// is not returned: only an empty line completes one.
func (f frames) next() (frame, error) {
	var got frame
	for any := false; ; {
		line, err := f.lines.ReadString('\n')
		if err != nil {
			return frame{}, err
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			if any {
				return got, nil
			}
			continue
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "id":
			got.id, got.topic, _ = strings.Cut(value, " ") // and the time, which is not looked at
			got.topic, _, _ = strings.Cut(got.topic, " ")
		case "event":
			got.name = value
		case "data":
			got.data += value
		default:
			continue // a comment, or retry
		}
		any = true
	}
}
