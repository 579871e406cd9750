package strip

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// preamble begins every module of WebAssembly 1.0 (core specification, section
// 5.5.16).
var preamble = []byte("\x00asm\x01\x00\x00\x00")

// dataID is the id of the section that fills the memory.
const dataID = 11

var errNoModule = errors.New("this is no WebAssembly module that Go has built")

// A module is a wasm file, taken apart as far as its data section.
type module struct {
	before, after []byte // the other sections, as they are
	data          []byte // the data section's content
}

func parse(wasm []byte) (*module, error) {
	rest, ok := bytes.CutPrefix(wasm, preamble)
	if !ok {
		return nil, errNoModule
	}
	for len(rest) > 0 {
		r := reader{rest[1:]}
		content := r.take(r.number())
		if r.rest == nil {
			return nil, errNoModule
		}
		if rest[0] == dataID {
			return &module{before: wasm[:len(wasm)-len(rest)], data: content, after: r.rest}, nil
		}
		rest = r.rest
	}
	return nil, errNoModule
}

func (m *module) encode() []byte {
	out := append(bytes.Clone(m.before), dataID)
	out = binary.AppendUvarint(out, uint64(len(m.data)))
	return append(append(out, m.data...), m.after...)
}

// A reader takes values off the front of a text. After the end rest is nil, and
// all later values are zero.
type reader struct{ rest []byte }

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.rest = nil
		return nil
	}
	taken := r.rest[:n:n]
	r.rest = r.rest[n:]
	return taken
}

// number reads an unsigned LEB128 number, which is what Go calls a uvarint.
func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.rest = nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

// signed reads a signed LEB128 number.
func (r *reader) signed() (n int64) {
	for shift := 0; ; shift += 7 {
		b := r.take(1)
		if b == nil || shift > 63 {
			r.rest = nil
			return 0
		}
		n |= int64(b[0]&0x7f) << shift
		if b[0]&0x80 == 0 {
			if b[0]&0x40 != 0 && shift < 57 {
				n |= -1 << (shift + 7)
			}
			return n
		}
	}
}

// appendSigned appends a signed LEB128 number.
func appendSigned(b []byte, n int64) []byte {
	for {
		low := byte(n & 0x7f)
		n >>= 7
		if n == 0 && low&0x40 == 0 || n == -1 && low&0x40 != 0 {
			return append(b, low)
		}
		b = append(b, low|0x80)
	}
}
