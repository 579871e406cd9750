package event

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seawaykit/seaway/shared/internal/shape"
)

// A History holds the versions of event types that have been released: for each
// name the payload's descriptions, oldest first.
type History map[string][]string

// ParseHistory reads a history's text: a line for each version, its name and
// its description as [Schema] gives them, the versions of one name oldest first.
// Empty lines and those that begin with # are skipped. The error names the line.
func ParseHistory(text string) (History, error) {
	h := History{}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		name, description, _ := strings.Cut(line, " ")
		if err := CheckName(name); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		if err := shape.Check(description); err != nil {
			return nil, fmt.Errorf("line %d: %q %w", number, description, err)
		}
		h[name] = append(h[name], description)
	}
	return h, nil
}

// Newest returns the description of a name's last version, or "" if none is
// recorded.
func (h History) Newest(name string) string {
	if n := len(h[name]); n > 0 {
		return h[name][n-1]
	}
	return ""
}

// Record registers, in both halves of a program, what its event types looked like in
// earlier releases, so that [Accepts] can report which of those get along with the
// present ones. It is meant for an init function, with the text of an embedded
// file that the test in package eventtest keeps, and panics if [ParseHistory]
// refuses the text or if a name in it has been recorded before.
func Record(text string) {
	h, err := ParseHistory(text)
	if err != nil {
		panic("event: a history cannot be read: " + err.Error())
	}
	registry.Lock()
	defer registry.Unlock()
	for name, versions := range h {
		if registry.history[name] != nil {
			panic(fmt.Sprintf("event: the history of event type %q is recorded twice", name))
		}
		registry.history[name] = versions
	}
	registry.accepts = nil
}

// Accepts returns, by name, the fingerprints of those older recorded versions of
// each type from which the present one differs by additive changes only. Pages of
// such a version read what this program writes, and this program reads what such a
// version wrote. The present version itself is not listed, nor are names without
// others.
func Accepts() map[string][]string {
	registry.Lock()
	defer registry.Unlock()
	if registry.accepts == nil {
		registry.accepts = accepted()
	}
	accepts := make(map[string][]string, len(registry.accepts))
	for name, prints := range registry.accepts {
		accepts[name] = slices.Clone(prints)
	}
	return accepts
}

// accepted needs the registry's lock.
func accepted() map[string][]string {
	accepts := map[string][]string{}
	for name, present := range registry.schema {
		for _, version := range registry.history[name] {
			print := shape.Fingerprint(version)
			if version == present || slices.Contains(accepts[name], print) || shape.Additive(version, present) != nil {
				continue
			}
			accepts[name] = append(accepts[name], print)
		}
	}
	return accepts
}
