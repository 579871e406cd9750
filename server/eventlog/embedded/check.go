package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ErrDamaged means that files of the log are missing, damaged or cannot be
// read. Nothing has been changed: the NATS server, if it were started, would
// treat what it cannot read as empty, and overwrite it.
var ErrDamaged = errors.New("files of the event log are damaged or cannot be used")

// A damage describes one damaged block.
type damage struct {
	block
	why   string
	found contents // what could be read of it
	whole bool     // nothing could be read
}

// A checkResult is the result of a check of all blocks.
type checkResult struct {
	newest  map[string]uint64 // the highest number in each of the log's streams
	damages []damage
	torn    []damage // ends that were cut off, of events that were not acknowledged
	blocks  []block
	found   map[string]contents // by a block's name
}

// err returns nil or one line that names the first file.
func (r checkResult) err() error {
	if len(r.damages) == 0 {
		return nil
	}
	more := ""
	if n := len(r.damages) - 1; n > 0 {
		more = fmt.Sprintf(", and %d more", n)
	}
	return fmt.Errorf("%w: %s %s%s; nothing was changed", ErrDamaged, r.damages[0].path, r.damages[0].why, more)
}

// check reads all blocks: each must be a regular file that can be read and
// written, and hold nothing but whole records. Only the newest block of a stream
// may end with a record that was cut off, unless the log was closed. existed are
// the streams of the log that have been created before. The error is that of a
// directory that cannot be listed.
func (f files) check(s *record, existed ...string) (checkResult, error) {
	r := checkResult{found: map[string]contents{}, newest: map[string]uint64{}}
	err := f.checkDirectories()
	if err == nil {
		r.blocks, err = f.blocks()
	}
	if err != nil {
		return r, fmt.Errorf("%w: %w; nothing was changed", ErrDamaged, err)
	}
	r.checkMissing(f, s, existed)
	var room []byte
	for i, b := range r.blocks {
		newest := i+1 == len(r.blocks) || r.blocks[i+1].stream != b.stream
		room = r.checkBlock(b, s, newest, room)
	}
	r.checkEnd(f, s, streamName)
	r.checkEnd(f, s, valuesName)
	return r, nil
}

// checkEnd adds a damage if the newest events or values are missing and nothing
// else was found: the record has a higher number.
func (r *checkResult) checkEnd(f files, s *record, stream string) {
	if len(r.damages) > 0 || r.newest[stream] >= s.of(stream) {
		return
	}
	b := block{stream: stream, path: f.messages(stream)}
	for _, own := range r.blocks {
		if own.stream == stream {
			b = own
		}
	}
	why := fmt.Sprintf("ends at number %d, and number %d was on the disk", r.newest[stream], s.of(stream))
	r.damages = append(r.damages, damage{block: b, why: why, found: r.found[b.name()]})
}

// checkMissing adds a damage for each block of the record that is missing.
func (r *checkResult) checkMissing(f files, s *record, existed []string) {
	there, own := map[string]bool{}, map[string]bool{}
	for _, b := range r.blocks {
		there[b.name()], own[b.stream] = true, true
	}
	if s != nil {
		for name := range s.Blocks {
			if b, ok := f.blockOf(name); ok && !there[name] {
				r.damages = append(r.damages, damage{block: b, why: "is missing", whole: true})
				own[b.stream] = true
			}
		}
	}
	for _, stream := range existed {
		if !own[stream] {
			b := block{stream: stream, path: f.messages(stream)}
			r.damages = append(r.damages, damage{block: b, why: "holds nothing, and did before", whole: true})
		}
	}
}

// checkBlock reads one block into room, which it returns for the next.
func (r *checkResult) checkBlock(b block, s *record, newest bool, room []byte) []byte {
	why := ""
	if err := usable(b.path); err != nil {
		why = "cannot be read and written: " + reason(err)
	} else if b.misnamed() || s.isUnexpected(b) {
		why = "is none of the log's files"
	}
	if why != "" {
		r.damages = append(r.damages, damage{block: b, why: why, whole: true})
		return room
	}
	data, err := readInto(room, b.path)
	if err != nil {
		r.damages = append(r.damages, damage{block: b, why: "cannot be read: " + reason(err), whole: true})
		return data
	}
	c := newScanner(b).scan(data)
	r.found[b.name()] = c
	r.newest[b.stream] = max(r.newest[b.stream], c.last)
	d := damage{block: b, found: c}
	size, sealed := s.size(b)
	switch {
	case sealed && size != int64(len(data)):
		d.why = fmt.Sprintf("has %d bytes, and had %d when the log was closed", len(data), size)
	case len(c.gaps) == 1 && c.gaps[0].from == 0 && c.gaps[0].to == len(data) && !c.gaps[0].torn:
		d.why = "holds no record that belongs there"
	case len(c.gaps) > 0 && (sealed || !newest || !c.gaps[len(c.gaps)-1].torn || len(c.gaps) > 1):
		d.why = "is damaged at " + c.gaps[0].String()
	case len(c.gaps) > 0:
		r.torn = append(r.torn, d)
	case len(data) == 0 && !newest:
		d.why, d.whole = "is empty", true
	}
	if d.why != "" {
		r.damages = append(r.damages, d)
	}
	return data
}

// readInto reads a file into room, or into more if that is not enough.
func readInto(room []byte, path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return room, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return room, err
	}
	if room = room[:0]; int64(cap(room)) < info.Size() {
		room = make([]byte, 0, info.Size())
	}
	room = room[:info.Size()]
	n, err := f.ReadAt(room, 0)
	return room[:n], err
}

// reason returns an error without its path, which the line names already.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
