package embedded

import (
	"errors"
	"fmt"
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
	newest   map[string]uint64 // the highest number in each of the log's streams
	damages  []damage
	torn     []damage // ends that were cut off, of events that were not acknowledged
	unsynced []block  // that follow one of which the end was cut off
	blocks   []block
	found    map[string]contents // by a block's name
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
	r.addAll(checkBlocks(r.blocks, s), s)
	r.checkEnd(f, s, streamName)
	r.checkEnd(f, s, valuesName)
	return r, nil
}

// addAll adds the checks of all blocks, but of those that a power cut has left without
// what was before them: they do not count.
func (r *checkResult) addAll(checks []blockCheck, s *record) {
	for len(checks) > 0 {
		n := 1
		for n < len(checks) && checks[n].stream == checks[0].stream {
			n++
		}
		kept, unsynced := cutUnsynced(checks[:n], s)
		for _, c := range kept {
			r.add(c)
		}
		for _, c := range unsynced {
			r.unsynced = append(r.unsynced, c.block)
		}
		checks = checks[n:]
	}
}

// add adds the check of one block.
func (r *checkResult) add(c blockCheck) {
	if c.readable {
		r.found[c.name()] = c.found
		r.newest[c.stream] = max(r.newest[c.stream], c.found.last)
	}
	switch {
	case c.why != "":
		r.damages = append(r.damages, c.damage)
	case c.torn:
		r.torn = append(r.torn, c.damage)
	}
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
