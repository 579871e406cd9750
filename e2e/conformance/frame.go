package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A frame is one as WIRE.md's grammar has it: at most one line of each field, in their
// order.
type frame struct {
	retry, id, event, data string
	has                    []string // the fields, in their order
}

// position returns that of the id field.
func (f frame) position() string {
	p, _, _ := strings.Cut(f.id, " ")
	return p
}

var fieldOrder = []string{"retry", "id", "event", "data"}

// readFrame reads one frame strictly: bytes that a lenient reader would accept, but a
// server must not send, are errors.
func readFrame(r *bufio.Reader) (f frame, err error) {
	for {
		line, err := r.ReadString('\n')
		switch {
		case err == io.EOF && (line != "" || len(f.has) > 0):
			return f, fmt.Errorf("the stream ends within a frame: %w", io.ErrUnexpectedEOF)
		case err != nil:
			return f, err
		case strings.Contains(line, "\r"):
			return f, fmt.Errorf("a line has a CR: %.100q", line)
		}
		line = line[:len(line)-1]
		if line == "" {
			if len(f.has) == 0 {
				return f, errors.New("there is an empty line without a frame")
			}
			return f, f.check()
		}
		if err := f.add(line); err != nil {
			return f, err
		}
	}
}

func (f *frame) add(line string) error {
	name, value, ok := strings.Cut(line, ": ")
	if !ok {
		return fmt.Errorf("a line is not a field, a colon, a space and a value: %.100q", line)
	}
	fields := map[string]*string{"retry": &f.retry, "id": &f.id, "event": &f.event, "data": &f.data}
	if fields[name] == nil {
		return fmt.Errorf("there is no field %.100q", name)
	}
	if n := len(f.has); n > 0 && slices.Index(fieldOrder, f.has[n-1]) >= slices.Index(fieldOrder, name) {
		return fmt.Errorf("%q comes after %q", name, f.has[n-1])
	}
	f.has = append(f.has, name)
	*fields[name] = value
	return nil
}

var (
	positions    = regexp.MustCompile(`^[a-z0-9]{1,10}-[0-9]+-[A-Za-z0-9_-]+$`)
	fingerprints = regexp.MustCompile(`^[0-9a-f]{16}$`)
)

// check checks what holds for each frame by itself.
func (f frame) check() error {
	if f.event == "" || !slices.Contains(f.has, "data") {
		return fmt.Errorf("a frame has no event or no data: %+v", f)
	}
	if slices.Contains(f.has, "id") {
		if p := f.position(); !positions.MatchString(p) || len(p) > 40 {
			return fmt.Errorf("the id of %s is no position: %q", f.event, f.id)
		}
	}
	if f.retry != "" {
		if n, err := strconv.Atoi(f.retry); err != nil || n <= 0 {
			return fmt.Errorf("retry of %s is no number of milliseconds: %q", f.event, f.retry)
		}
	}
	switch f.event {
	case "heartbeat":
		if f.id == "" || f.data != f.id {
			return fmt.Errorf("a heartbeat has the id %q and the data %q", f.id, f.data)
		}
		return nil
	case "bye", "fault", "reply":
		if f.id != "" {
			return fmt.Errorf("%s has an id: %q", f.event, f.id)
		}
	}
	if !json.Valid([]byte(f.data)) {
		return fmt.Errorf("the data of %s is no JSON: %.100q", f.event, f.data)
	}
	return nil
}

// isEvent reports whether the frame is none of the control frames.
func (f frame) isEvent() bool {
	return !slices.Contains([]string{"hello", "heartbeat", "reset", "bye", "fault", "reply"}, f.event)
}

// seq returns the number in a position.
func seq(position string) (n uint64) {
	parts := strings.SplitN(position, "-", 3)
	if len(parts) == 3 {
		n, _ = strconv.ParseUint(parts[1], 10, 64)
	}
	return n
}
