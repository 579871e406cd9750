package eventlog

import (
	"crypto/rand"
	"strings"
)

// NewEpoch returns a random name for a new log's birth: 6 characters of [a-z0-9],
// 30 random bits. Two logs that take each other's place are told apart by it, so
// it has to differ from a handful of others, not from all in the world.
func NewEpoch() string { return strings.ToLower(rand.Text()[:6]) }
