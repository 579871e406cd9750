package embedded

import (
	"context"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/jetstream"
)

// A Verified is what [Verify] found in a directory.
type Verified struct {
	Last   uint64 // the number of the newest event
	Blocks int    // files with events and values
	Bytes  int64  // in them
	Values int    // among them the checkpoints of states
	// Damages has one line for each thing that is missing or damaged: a block, a
	// value, the record of the blocks, the generations. The log is whole if there are
	// none.
	Damages []string

	lastValue uint64 // the highest number in the stream of the values
}

// Verify reads all of the log in a directory and reports what is damaged: every
// event and value is checked against its checksum, every value for its parts and its
// position, and the files for what the log has recorded of them. It changes nothing and
// takes no lock, so the log may be open and written to meanwhile. The error is that of
// a directory that holds no log, or cannot be read.
func Verify(ctx context.Context, dir string) (Verified, error) {
	v, err := verify(ctx, dir)
	if err != nil {
		return v, fmt.Errorf("verify %q: %w", dir, err)
	}
	return v, nil
}

func verify(ctx context.Context, dir string) (v Verified, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return v, err
	}
	s, err := takeSnapshot(ctx, dir)
	if err != nil {
		return v, err
	}
	defer s.close()
	return s.verify(func(*pin, []byte) error { return context.Cause(ctx) })
}

// verify reads the whole snapshot, and calls fn with the records of each block.
func (s *snapshot) verify(fn func(*pin, []byte) error) (v Verified, err error) {
	values, events := jetstream.NewValueCheck(streamName), numbers{gone: map[uint64]bool{}}
	r, err := s.readBlocks(func(p *pin, data []byte) error {
		v.Blocks++
		v.Bytes += int64(len(data))
		if p.stream == valuesName {
			addValues(values, newScanner(p.block), data)
		} else {
			events.add(newScanner(p.block), data)
		}
		return fn(p, data)
	})
	if err != nil {
		return v, err
	}
	v.Last, v.lastValue = r.newest[streamName], r.newest[valuesName]
	state := eventlog.State{Epoch: s.meta.Epoch, Last: v.Last, Generations: s.generations}
	v.Damages = s.checkSmall(r.damages)
	if len(v.Damages) > 0 {
		return v, nil // what is missing of a value is no second damage
	}
	v.Values, v.Damages = values.Result(state, events.any)
	return v, nil
}

// checkSmall adds the files beside the blocks to the damages. A log that was never
// open has none.
func (s *snapshot) checkSmall(damages []string) []string {
	if !s.meta.Stream {
		return damages
	}
	if s.unrecorded != nil {
		damages = append(damages, fmt.Sprintf("%s: %v", s.dir, s.unrecorded))
	}
	if s.unproved != nil {
		damages = append(damages, fmt.Sprintf("%s: %v", s.dir, s.unproved))
	}
	return damages
}

// numbers are those of the messages in a stream, and of those that have been removed.
type numbers struct {
	all  []uint64 // in order
	gone map[uint64]bool
}

func (n *numbers) add(of scanner, data []byte) {
	each(of, data, func(number uint64, _ []byte) {
		if seq := number & numberBits; number&(tombstone|erasedRecord) != 0 {
			n.gone[seq] = true
		} else {
			n.all = append(n.all, seq)
		}
	})
}

// any reports whether one of the numbers is left.
func (n *numbers) any(from, to uint64) bool {
	i, _ := slices.BinarySearch(n.all, from)
	for ; i < len(n.all) && n.all[i] <= to; i++ {
		if !n.gone[n.all[i]] {
			return true
		}
	}
	return false
}

// addValues adds the messages of a block.
func addValues(to *jetstream.ValueCheck, of scanner, data []byte) {
	each(of, data, func(number uint64, record []byte) {
		if seq := number & numberBits; number&(tombstone|erasedRecord) != 0 {
			to.Remove(seq)
		} else {
			subject, headers, body := message(record)
			to.Add(seq, subject, headers, body)
		}
	})
}

// each calls fn with each record of a block whose records are whole.
func each(of scanner, data []byte, fn func(number uint64, record []byte)) {
	for len(data) > 0 {
		size, number := of.record(data)
		if size == 0 {
			return
		}
		fn(number, data[:size])
		data = data[size:]
	}
}

// message returns the parts of a record.
func message(record []byte) (subject string, headers, data []byte) {
	_, has, _ := recordSize(record)
	at := recordHead + int(binary.LittleEndian.Uint16(record[20:]))
	subject, data = string(record[recordHead:at]), record[at:len(record)-recordSum]
	if has {
		n := int(binary.LittleEndian.Uint32(data))
		headers, data = data[4:4+n], data[4+n:]
	}
	return subject, headers, data
}
