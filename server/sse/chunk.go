package sse

import (
	"bytes"
	"strconv"
)

// A chunk is a frame as HTTP/1.1 carries it in a body without a length: its size in
// hexadecimal digits, a line end, the frame, a line end. Each frame is a chunk of
// its own: for a client that is stuck in the middle of one, the rest of that frame
// is kept, which all streams share, and not the rest of all that was written with
// it.

// lastChunk ends a body that is complete.
const lastChunk = "0\r\n\r\n"

// sizeRoom is for the size's digits and line end: 8 digits are 4 GiB.
const sizeRoom = 10

// newChunk returns an empty chunk, to which a frame of about that size is appended.
func newChunk(size int) []byte { return make([]byte, sizeRoom, sizeRoom+size+2) }

// closeChunk writes the size in front of the frame, without leading zeros, which
// are allowed and rare.
func closeChunk(chunk []byte) []byte {
	var room [sizeRoom]byte
	size := append(strconv.AppendUint(room[:0], uint64(len(chunk)-sizeRoom), 16), "\r\n"...)
	begin := sizeRoom - len(size)
	copy(chunk[begin:], size)
	return append(chunk, "\r\n"...)[begin:]
}

// toChunk returns a frame as a chunk.
func toChunk(frame []byte) []byte {
	return closeChunk(append(newChunk(len(frame)), frame...))
}

// wireBytes returns the bytes that are written for a frame.
func wireBytes(frame []byte, chunked bool) []byte {
	if chunked {
		return toChunk(frame)
	}
	return frame
}

// unchunk returns the frame that a chunk holds. It is a slice of the same
// bytes.
func unchunk(chunk []byte) []byte {
	return chunk[bytes.IndexByte(chunk, '\n')+1 : len(chunk)-2]
}
