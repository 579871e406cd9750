package embedded

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/minio/highwayhash"
)

// The format of a record in a block (nats-server's filestore.go, 2.15, msgBlock):
// length, number, time, length of the subject; subject, then the message with its
// headers; the checksum. Blocks of the log are neither compressed nor encrypted.
const (
	recordHead     = 22
	recordSum      = 8
	maxRecord      = 32 << 20
	hasHeaders     = 1 << 31 // of the length
	erasedRecord   = 1 << 63 // of the number: the message is gone
	tombstone      = 1 << 62 // of the number: the message of that number is gone
	numberBits     = tombstone - 1
	sectorSize     = 512
	shortestRecord = recordHead + recordSum
)

// contents is what a scan finds in a block.
type contents struct {
	first uint64 // the lowest number of a message, 0 if there is none
	last  uint64 // the highest number of a message or tombstone
	end   uint64 // the number of the last message, 0 if there is none
	gaps  []gap
}

// A gap is a range of a block that holds no valid record.
type gap struct {
	from, to      int    // bytes
	before, after uint64 // numbers of the messages around it, 0 if there is none
	torn          bool   // it is the rest of a write that was cut off
}

func (g gap) size() int { return g.to - g.from }

// String names the place.
func (g gap) String() string { return fmt.Sprintf("bytes %d to %d", g.from, g.to) }

// A scanner finds the records of one block.
type scanner struct{ hash *highwayhash.Digest64 }

func newScanner(b block) scanner {
	// The key makes a block that is copied to another's place invalid.
	key := sha256.Sum256(fmt.Appendf(nil, "%s-%d", b.stream, b.number))
	hash, err := highwayhash.NewDigest64(key[:])
	if err != nil {
		panic(err) // a key of another size
	}
	return scanner{hash}
}

// scan looks at every record of a block and checks it against its checksum.
// After damage it goes on at the next whole record.
func (s scanner) scan(data []byte) (c contents) {
	for at := 0; at < len(data); {
		size, number := s.record(data[at:])
		if size == 0 {
			end := s.next(data, at+1)
			g := gap{from: at, to: end, before: c.end, torn: end == len(data) && torn(data, at)}
			c.gaps = append(c.gaps, g)
			at = end
			continue
		}
		c.last = max(c.last, number&numberBits)
		if number&tombstone == 0 {
			c.end = max(c.end, number&numberBits)
			c.first = cmp.Or(c.first, c.end)
			c.resume(at, c.end)
		}
		at += size
	}
	return c
}

// resume sets the first message after each gap.
func (c *contents) resume(at int, number uint64) {
	for i := len(c.gaps) - 1; i >= 0 && c.gaps[i].after == 0 && c.gaps[i].to <= at; i-- {
		c.gaps[i].after = number
	}
}

// record returns the size of the record at the beginning of data, 0 if there is
// none, and its number with its flag bits.
func (s scanner) record(data []byte) (size int, number uint64) {
	size, headers, ok := recordSize(data)
	if !ok || size > len(data) {
		return 0, 0
	}
	subject := int(binary.LittleEndian.Uint16(data[20:]))
	text := recordHead + subject
	if headers {
		text += 4
	}
	if text > size-recordSum {
		return 0, 0
	}
	s.hash.Reset()
	s.hash.Write(data[4:20])
	s.hash.Write(data[recordHead : recordHead+subject])
	s.hash.Write(data[text : size-recordSum])
	var sum [recordSum]byte
	if !bytes.Equal(s.hash.Sum(sum[:0]), data[size-recordSum:size]) {
		return 0, 0
	}
	return size, binary.LittleEndian.Uint64(data[4:])
}

// recordSize returns the size in a record's header.
func recordSize(data []byte) (size int, headers, ok bool) {
	if len(data) < recordHead {
		return 0, false, false
	}
	length := binary.LittleEndian.Uint32(data)
	size, headers = int(length&^hasHeaders), length&hasHeaders != 0
	return size, headers, size >= shortestRecord && size <= maxRecord
}

// next returns where the next whole record begins, from at on.
func (s scanner) next(data []byte, at int) int {
	for ; at < len(data); at++ {
		if size, _ := s.record(data[at:]); size > 0 {
			return at
		}
	}
	return len(data)
}

// torn reports whether the rest of a block, which holds no record, was left by a
// write that was cut off: by a record that is longer than the rest, or one whose
// checksum or a sector of which was never written. A whole record with a wrong
// checksum is not: its append may have been acknowledged.
func torn(data []byte, at int) bool {
	rest := data[at:]
	size, _, ok := recordSize(rest)
	if len(rest) < recordHead || ok && size > len(rest) {
		return true
	}
	if zero(rest[max(0, len(rest)-recordSum):]) {
		return true
	}
	for sector := (at + sectorSize - 1) / sectorSize * sectorSize; sector < len(data); sector += sectorSize {
		if zero(data[sector:min(sector+sectorSize, len(data))]) { // the last may hold the end of the checksum
			return true
		}
	}
	return false
}

func zero(data []byte) bool {
	return !slices.ContainsFunc(data, func(b byte) bool { return b != 0 })
}
