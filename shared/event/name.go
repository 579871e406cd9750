package event

import (
	"fmt"
	"slices"
	"strings"
)

const (
	// MaxTopic is the length of the longest topic, in bytes.
	MaxTopic = 128
	// MaxName is the length of the longest event type name, in bytes.
	MaxName = 64
)

// reserved are the names that the stream itself, or the browser's EventSource,
// uses. An event of one of these names could not be distinguished from them.
var reserved = []string{"open", "error", "message", "hello", "heartbeat", "reset", "bye", "fault", "reply"}

// A NameError says why a topic or a type name was refused.
type NameError struct {
	Kind   string // "topic" or "event type"
	Name   string
	Reason string
}

// Error names the refused text, cut to a length that is safe to log.
func (e *NameError) Error() string { return fmt.Sprintf("%s %.160q %s", e.Kind, e.Name, e.Reason) }

// CheckTopic reports whether s can be a topic: dot-separated tokens of
// [A-Za-z0-9_-], at most [MaxTopic] bytes. The error is a [*NameError].
func CheckTopic(s string) error { return check("topic", s, MaxTopic) }

// CheckName reports whether s can name an event type: the form of a topic, at
// most [MaxName] bytes, and none of open, error, message, hello, heartbeat, reset,
// bye, fault and reply. The error is a [*NameError].
func CheckName(s string) error {
	if slices.Contains(reserved, s) {
		return &NameError{"event type", s, "is reserved"}
	}
	return check("event type", s, MaxName)
}

func check(kind, s string, limit int) error {
	if len(s) > limit {
		return &NameError{kind, s, fmt.Sprintf("is longer than %d bytes", limit)}
	}
	for token := range strings.SplitSeq(s, ".") {
		if !isToken(token) {
			return &NameError{kind, s, "is not made of dot-separated tokens of A-Z, a-z, 0-9, _ and -"}
		}
	}
	return nil
}

func isToken(s string) bool {
	for _, c := range []byte(s) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return s != ""
}
