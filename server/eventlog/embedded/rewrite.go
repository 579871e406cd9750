package embedded

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// After a sync that has failed, a file reads as if nothing had happened: the operating
// system keeps what the disk did not take, and counts it as written. Another sync, also of
// another process, would report success for it. So what a start finds after a crash, and was
// perhaps never synced, is written again before it is synced and shown. A start within the
// process, and one after an end with a failed sync, count as after a crash.

// unknownDoubt is how many of a stream's blocks are written again if it is not known which
// were synced. A block has 8 MiB, of which only the appends under way are not synced.
const unknownDoubt = 2

// rewriteUnsynced writes blocks again of which the record does not say that they were synced
// to their ends: the newest one that it lists, and newer ones.
func (l *Log) rewriteUnsynced(blocks []block, held *record) error {
	for stream, of := range byStream(blocks) {
		for i, b := range of {
			if !held.isSynced(b) || held == nil && i+unknownDoubt >= len(of) {
				if err := l.o.disk.rewritePath(b.path); notMissing(err) != nil {
					return fmt.Errorf("write %s of %s again: %w", b.name(), stream, err)
				}
			}
		}
	}
	return nil
}

// rewritePath writes a file again.
func (d disk) rewritePath(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(d.rewrite(f), f.Close())
}

// rewriteFile writes each byte of a file over itself. A crash on the way changes nothing,
// and a full disk has the room already.
func rewriteFile(f *os.File) error {
	chunk := make([]byte, 256<<10)
	for at := int64(0); ; {
		n, err := f.ReadAt(chunk, at)
		if n > 0 {
			if _, err := f.WriteAt(chunk[:n], at); err != nil {
				return err
			}
		}
		at += int64(n)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
