package states

import (
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"sync"
)

// packFrom is the size from which on checkpoints are compressed: a list of messages
// to about a fifth, at 5 ms for each MB.
const packFrom = 4 << 10

// A checkpoint is the fingerprint of its type, a letter that says how the state
// follows, and the state as JSON.
const (
	printLen = 16
	plain    = 'j'
	packed   = 'z'
)

// pack returns the checkpoint of a state of a type, from the state as JSON.
func pack(fingerprint string, data []byte) (checkpoint []byte, err error) {
	var b bytes.Buffer
	b.WriteString(fingerprint)
	if len(data) < packFrom {
		b.WriteByte(plain)
		b.Write(data)
		return b.Bytes(), nil
	}
	b.WriteByte(packed)
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(&b)
	if _, err = w.Write(data); err == nil {
		err = w.Close()
	}
	return b.Bytes(), err
}

// A deflater takes 1 MB, an inflater 40 KB, so that they are used again.
var (
	deflaters = sync.Pool{New: func() any {
		w, _ := flate.NewWriter(nil, flate.BestSpeed) // whose only error is a wrong level
		return w
	}}
	inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}
)

func inflate(data []byte) ([]byte, error) {
	r := inflaters.Get().(io.ReadCloser)
	defer inflaters.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(data), nil); err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// printOf returns the fingerprint of a checkpoint's type.
func printOf(checkpoint []byte) string { return string(checkpoint[:min(printLen, len(checkpoint))]) }

// decode returns the state of a checkpoint and its size. An error that wraps
// [eventlog.ErrUnavailable] is worth another try.
func (s *States[S]) decode(ctx context.Context, checkpoint []byte) (st S, size int, err error) {
	if len(checkpoint) < printLen+1 {
		return st, 0, fmt.Errorf("it has only %d bytes", len(checkpoint))
	}
	description, err := s.describe(ctx, printOf(checkpoint))
	if err != nil {
		return st, 0, err
	}
	if err := s.checkRead(description); err != nil {
		return st, 0, err
	}
	data := checkpoint[printLen+1:]
	if checkpoint[printLen] == packed {
		if data, err = inflate(data); err != nil {
			return st, 0, err
		}
	}
	st, err = s.kind.Decode(description, data)
	return st, len(data), err
}

// describe returns the description of a type by its fingerprint. Another node may
// have begun to write checkpoints of another type since the record was read.
func (s *States[S]) describe(ctx context.Context, print string) (string, error) {
	if d := s.known(print); d != "" {
		return d, nil
	}
	r, err := s.fetchRecord(ctx)
	if err != nil {
		return "", err
	}
	if d := r.content.Types[print]; d != "" {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.types[print] = d
		return d, nil
	}
	return "", fmt.Errorf("it is of a type, %.16q, that the kind's record does not have", print)
}

func (s *States[S]) known(print string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.types[print]
}
