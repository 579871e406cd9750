package event

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
)

// ErrID says that a text is not an event id.
var ErrID = errors.New("not an event id")

const (
	maxEpoch = 10 // bytes, so that the longest id has 40
	proofLen = 4  // base64url characters: 24 bits
	maxID    = 40 // bytes of text
)

// A Generation names one start of a log that can be started on an older copy of
// its data. It is random, 24 bits. The zero Generation is that of logs that
// have none.
type Generation [3]byte

// An ID names one event of one log. Its text is <epoch>-<seq>-<tag>, at most 40
// bytes of [A-Za-z0-9_-], which a browser sends back unchanged and without a
// CORS preflight (HTML Standard, section 9.2.4).
//
// The epoch names the log's birth and the sequence number orders its events. The tag
// is 24 bits of a hash of the number and the event's idempotency key: after a power
// cut or a damaged file a log may give a number a second time, and the tag
// distinguishes the two events. In a log with generations the tag also holds the
// [Generation] that gave the number, which can be checked when the event, and its
// key, have left the log.
//
// The zero ID names nothing. IDs compare with ==.
type ID struct {
	epoch string
	seq   uint64
	tag   uint32
	gen   Generation
}

// NewID returns the id of the event that a log of the given epoch stored as
// number seq under the idempotency key. It panics if [CheckEpoch] refuses the
// epoch or if the key is empty: a log checks both before it stores anything.
func NewID(epoch string, seq uint64, key string) ID {
	if key == "" {
		panic("event: NewID without an idempotency key")
	}
	return newID(epoch, seq, key)
}

// Position returns an id that names no event: it is the place in the log just
// after number seq, whatever was stored there. A stream that starts over gives
// it to a page as the point to resume from. It panics as [NewID] does.
func Position(epoch string, seq uint64) ID { return newID(epoch, seq, "") }

func newID(epoch string, seq uint64, key string) ID {
	if err := CheckEpoch(epoch); err != nil {
		panic("event: " + err.Error())
	}
	id := ID{epoch: epoch, seq: seq, tag: tag(seq, key)}
	if key != "" && id.IsPosition() {
		// One key in 16.7 million has the position's own tag. An event under it
		// would be stored and then taken for no event by every reader.
		id.tag ^= 1
	}
	return id
}

// In returns the id with the generation in which its number was given. Number 0
// was never given, and stays without.
func (id ID) In(g Generation) ID {
	if id.seq > 0 {
		id.gen = g
	}
	return id
}

// Before returns the position right before the event that the ID names, in the same
// generation.
func (id ID) Before() ID {
	if id.seq == 0 {
		return id
	}
	return Position(id.epoch, id.seq-1).In(id.gen)
}

// tag is FNV-1a, not a cryptographic hash: it guards against accidents, not
// against forgers, and costs the page 1 KB instead of 40.
func tag(seq uint64, key string) uint32 {
	h := fnv.New64a()
	h.Write(binary.BigEndian.AppendUint64(nil, seq))
	h.Write([]byte(key))
	sum := h.Sum64()
	return uint32(sum^sum>>24^sum>>48) & 0xFFFFFF
}

// ParseID reads the text form. The error is [ErrID].
func ParseID(s string) (ID, error) {
	epoch, rest, _ := strings.Cut(s, "-")
	number, proof, ok := strings.Cut(rest, "-") // which may hold a '-' itself
	if !ok || CheckEpoch(epoch) != nil || len(proof) != proofLen && len(proof) != 2*proofLen {
		return ID{}, ErrID
	}
	seq, err := strconv.ParseUint(number, 10, 64)
	if err != nil || strconv.FormatUint(seq, 10) != number {
		return ID{}, ErrID
	}
	raw, err := base64.RawURLEncoding.DecodeString(proof)
	if err != nil || base64.RawURLEncoding.EncodedLen(len(raw)) != len(proof) {
		return ID{}, ErrID // the latter of a line break, which the decoder skips
	}
	id := ID{epoch: epoch, seq: seq, tag: uint32(raw[0])<<16 | uint32(raw[1])<<8 | uint32(raw[2])}
	if len(raw) > len(Generation{}) {
		if id = id.In(Generation(raw[3:])); id.gen == (Generation{}) {
			return ID{}, ErrID // it has a shorter text
		}
	}
	return id, nil
}

// Epoch returns the name of the log's birth; empty for the zero ID.
func (id ID) Epoch() string { return id.epoch }

// Seq returns the event's number in its log. The first event has number 1.
func (id ID) Seq() uint64 { return id.seq }

// Generation returns in which generation of the log the number was given.
func (id ID) Generation() Generation { return id.gen }

// IsZero reports whether the ID names nothing.
func (id ID) IsZero() bool { return id == ID{} }

// IsPosition reports whether the ID was made by [Position] and names a place
// between events.
func (id ID) IsPosition() bool { return !id.IsZero() && id.tag == tag(id.seq, "") }

// String returns the text form; empty for the zero ID.
func (id ID) String() string {
	var room [maxID]byte
	return string(id.append(room[:0]))
}

// append appends the text form.
func (id ID) append(dst []byte) []byte {
	if id.IsZero() {
		return dst
	}
	dst = append(append(dst, id.epoch...), '-')
	dst = append(strconv.AppendUint(dst, id.seq, 10), '-')
	raw := [6]byte{byte(id.tag >> 16), byte(id.tag >> 8), byte(id.tag), id.gen[0], id.gen[1], id.gen[2]}
	if id.gen == (Generation{}) {
		return base64.RawURLEncoding.AppendEncode(dst, raw[:3])
	}
	return base64.RawURLEncoding.AppendEncode(dst, raw[:])
}

// AppendText implements [encoding.TextAppender]. It does not fail, and allocates
// nothing if dst has room for 40 bytes.
func (id ID) AppendText(dst []byte) ([]byte, error) { return id.append(dst), nil }

// MarshalText implements [encoding.TextMarshaler].
func (id ID) MarshalText() ([]byte, error) { return id.append(nil), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]. Empty text gives the
// zero ID.
func (id *ID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*id = ID{}
		return nil
	}
	parsed, err := ParseID(string(text))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// CheckEpoch reports whether s can name a log's birth: 1 to 10 bytes of
// [a-z0-9]. It excludes '-', which separates the parts of an id.
func CheckEpoch(s string) error {
	if len(s) == 0 || len(s) > maxEpoch || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return fmt.Errorf("epoch %.20q is not 1 to %d characters of a-z and 0-9", s, maxEpoch)
	}
	return nil
}
