package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ErrDamaged says that files of the log are missing, damaged or cannot be read.
// Nothing has been changed: the server, if it were started, would take what it
// cannot read for nothing, and write over it.
var ErrDamaged = errors.New("files of the event log are damaged or cannot be used")

// A damage is what is wrong with one block.
type damage struct {
	block
	why   string
	found contents // what was read of it
	whole bool     // nothing of it could be
}

// A findings is what a check of all blocks says.
type findings struct {
	newest  uint64 // the highest number in the log's own stream
	damages []damage
	torn    []damage // ends that were cut off, of events that were not acknowledged
	blocks  []block
	found   map[string]contents // by a block's name
}

// err returns nil or one line that names the first file.
func (r findings) err() error {
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
// may end with a record that was cut off, unless the log was closed. existed says
// that the log's stream has been there before. An error is that of a directory
// that cannot be listed.
func (f files) check(s *record, existed bool) (findings, error) {
	r := findings{found: map[string]contents{}}
	err := f.checkDirectories()
	if err == nil {
		r.blocks, err = f.blocks()
	}
	if err != nil {
		return r, fmt.Errorf("%w: %w; nothing was changed", ErrDamaged, err)
	}
	r.missing(f, s, existed)
	var room []byte
	for i, b := range r.blocks {
		newest := i+1 == len(r.blocks) || r.blocks[i+1].stream != b.stream
		room = r.checkBlock(b, s, newest, room)
	}
	r.shorter(f, s)
	return r, nil
}

// shorter notes that the newest events are missing, if nothing else has been
// found: they were there, or numbers were given that come after them.
func (r *findings) shorter(f files, s *record) {
	if s == nil || len(r.damages) > 0 || r.newest >= s.Last {
		return
	}
	b := block{stream: streamName, path: f.messages(streamName)}
	for _, own := range r.blocks {
		if own.stream == streamName {
			b = own
		}
	}
	why := fmt.Sprintf("ends at number %d, and number %d was on the disk", r.newest, s.Last)
	r.damages = append(r.damages, damage{block: b, why: why, found: r.found[b.name()]})
}

// missing notes the blocks that should be there and are not.
func (r *findings) missing(f files, s *record, existed bool) {
	there := map[string]bool{}
	own := false
	for _, b := range r.blocks {
		there[b.name()], own = true, own || b.stream == streamName
	}
	if s != nil {
		for name := range s.Blocks {
			if b, ok := f.blockOf(name); ok && !there[name] {
				r.damages = append(r.damages, damage{block: b, why: "is missing", whole: true})
				own = own || b.stream == streamName
			}
		}
	}
	if existed && !own {
		b := block{stream: streamName, path: f.messages(streamName)}
		r.damages = append(r.damages, damage{block: b, why: "holds no events, and did before", whole: true})
	}
}

// checkBlock reads one block into room, which it returns for the next.
func (r *findings) checkBlock(b block, s *record, newest bool, room []byte) []byte {
	why := ""
	if err := usable(b.path); err != nil {
		why = "cannot be read and written: " + reason(err)
	} else if b.misnamed() || s.alien(b) {
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
	if b.stream == streamName {
		r.newest = max(r.newest, c.last)
	}
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

// reason leaves out of an error the path that the line names already.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
