package eventlog

import (
	"crypto/rand"
	"strings"
)

// NewEpoch returns a random epoch, the name of a new log: 6 characters of
// [a-z0-9], 30 random bits. It distinguishes logs that replace each other, so it
// has to differ from a handful of others, not from every log in the world.
func NewEpoch() string { return strings.ToLower(rand.Text()[:6]) }
