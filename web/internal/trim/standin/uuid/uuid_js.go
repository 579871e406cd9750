// Package uuid stands in for google/uuid in a page.
package uuid

import (
	"encoding/hex"
	"syscall/js"
)

// NewString returns a random identifier (RFC 9562, version 4), of which 122 bits
// come from the browser's source for keys.
func NewString() string {
	array := js.Global().Get("Uint8Array").New(16)
	js.Global().Get("crypto").Call("getRandomValues", array)
	var b [16]byte
	js.CopyBytesToGo(b[:], array)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	s := hex.EncodeToString(b[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
