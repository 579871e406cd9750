package strip

import (
	"encoding/binary"
	"errors"
)

// Operations of WebAssembly that give the address of a segment.
const (
	opI32Const = 0x41
	opEnd      = 0x0b
)

// maxMemory bounds what a damaged file can ask for. The data of a large program
// is a tenth of it.
const maxMemory = 256 << 20

// minGap is how many zeros end a segment. A segment's head costs 8 bytes, which do not
// repeat, and zeros are packed to almost nothing: with 48 the sample's page has 1,600
// segments instead of 101,000, and is a twelfth smaller when it is packed. Browsers
// refuse a wasm with more than 100,000.
const minGap = 48

var errData = errors.New("its data section is not of the form that Go's linker writes")

// load returns the memory that a data section fills. The linker leaves zeros out,
// so that one piece of memory is many in the file.
func load(data []byte) (image []byte, err error) {
	r := reader{data}
	for range r.number() {
		head := r.take(2)
		if head == nil || head[0] != 0 || head[1] != opI32Const {
			return nil, errData
		}
		at, end := r.signed(), r.take(1)
		piece := r.take(r.number())
		if r.rest == nil || end[0] != opEnd || at < 0 || at+int64(len(piece)) > maxMemory {
			return nil, errData
		}
		if more := int(at) + len(piece) - len(image); more > 0 {
			image = append(image, make([]byte, more)...)
		}
		copy(image[at:], piece)
	}
	if r.rest == nil || len(r.rest) > 0 {
		return nil, errData
	}
	return image, nil
}

// store returns a data section that fills the memory.
func store(image []byte) []byte {
	var body []byte
	n := uint64(0)
	for at := skipZeros(image, 0); at < len(image); n++ {
		end := pieceEnd(image, at)
		body = appendSigned(append(body, 0, opI32Const), int64(at))
		body = binary.AppendUvarint(append(body, opEnd), uint64(end-at))
		body = append(body, image[at:end]...)
		at = skipZeros(image, end)
	}
	return append(binary.AppendUvarint(nil, n), body...)
}

func skipZeros(image []byte, at int) int {
	for at < len(image) && image[at] == 0 {
		at++
	}
	return at
}

// pieceEnd returns where the piece that begins at at ends: before minGap zeros.
func pieceEnd(image []byte, at int) int {
	for {
		for at < len(image) && image[at] != 0 {
			at++
		}
		next := skipZeros(image, at)
		if next == len(image) || next-at >= minGap {
			return at
		}
		at = next
	}
}
