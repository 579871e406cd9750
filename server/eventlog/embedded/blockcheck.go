package embedded

import (
	"fmt"
	"maps"
	"slices"
)

// A reading is what the blocks of a snapshot hold.
type reading struct {
	damages []string          // one line each
	newest  map[string]uint64 // the highest number in each stream
}

// damaged adds a line about a file.
func (r *reading) damaged(path, why string) {
	r.damages = append(r.damages, path+" "+why)
}

// readBlocks reads and checks every block, and calls fn with each that could be read
// and its whole records. It ends with an error of fn.
func (s *snapshot) readBlocks(fn func(p *pin, data []byte) error) (r reading, err error) {
	r.newest = map[string]uint64{}
	s.checkMissing(&r)
	var room []byte
	for _, stream := range []string{streamName, valuesName} {
		pins := s.of(stream)
		for i, p := range pins {
			if room, err = s.readBlock(&r, p, i+1 == len(pins), room, fn); err != nil {
				return r, err
			}
		}
		if had := s.promised(stream); r.newest[stream] < had && len(r.damages) == 0 {
			path := s.messages(stream)
			if len(pins) > 0 {
				path = pins[len(pins)-1].path
			}
			r.damaged(path, fmt.Sprintf("ends at number %d, and number %d was on the disk", r.newest[stream], had))
		}
	}
	return r, s.stillHolds()
}

// promised returns the number up to which a stream was on the disk, at least.
func (s *snapshot) promised(stream string) uint64 {
	had := s.held.of(stream)
	if n := len(s.generations); stream == streamName && n > 0 && had > 0 {
		had = max(had, s.generations[n-1].First-1)
	}
	return had
}

// checkMissing notes blocks that the record has and the directory has not.
func (s *snapshot) checkMissing(r *reading) {
	if s.held != nil {
		for _, name := range slices.Sorted(maps.Keys(s.held.Blocks)) {
			if b, ok := s.blockOf(name); ok && !s.has(name) && !exists(b.path) {
				r.damaged(b.path, "is missing")
			}
		}
	}
	for _, stream := range s.meta.streams() {
		if len(s.of(stream)) == 0 && len(r.damages) == 0 {
			r.damaged(s.messages(stream), "holds nothing, and did before")
		}
	}
}

// readBlock reads and checks one block. Only the last of a stream may end with a part
// of a record, unless the log was closed.
func (s *snapshot) readBlock(r *reading, p *pin, last bool, room []byte, fn func(*pin, []byte) error) ([]byte, error) {
	if p.err == nil && (p.misnamed() || s.held.isUnexpected(p.block)) {
		r.damaged(p.path, "is none of the log's files")
		return room, nil
	}
	data, err := p.read(room)
	if err != nil {
		r.damaged(p.path, "cannot be read: "+reason(err))
		return data, nil
	}
	c := newScanner(p.block).scan(data)
	r.newest[p.stream] = max(r.newest[p.stream], c.last)
	whole, why := s.judge(p, data, c, last)
	if why != "" {
		r.damaged(p.path, why)
		return data, nil
	}
	return data, fn(p, whole)
}

// judge returns the whole records of a block, or why it is damaged.
func (s *snapshot) judge(p *pin, data []byte, c contents, last bool) (whole []byte, why string) {
	size, closed := s.held.size(p.block)
	if closed && size != int64(len(data)) {
		return nil, fmt.Sprintf("has %d bytes, and had %d when the log was closed", len(data), size)
	}
	if len(data) == 0 && !last {
		return nil, "is empty"
	}
	if len(c.gaps) == 0 {
		return data, ""
	}
	torn := c.gaps[len(c.gaps)-1]
	if closed || !last || !torn.torn || len(c.gaps) > 1 {
		return nil, "is damaged at " + c.gaps[0].String()
	}
	return data[:torn.from], ""
}
