package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/seawaykit/seaway/shared/event"
)

const (
	one  = "*"
	more = "**"
)

// CheckPattern reports whether a text is a pattern.
func CheckPattern(pattern string) error {
	// A star stands for what a token may be.
	name := pattern
	if rest, ok := strings.CutSuffix(name, more); ok && (rest == "" || strings.HasSuffix(rest, ".")) {
		name = rest + "x"
	}
	tokens := strings.Split(name, ".")
	for i, token := range tokens {
		if token == one {
			tokens[i] = "x"
		}
	}
	if err := event.CheckTopic(strings.Join(tokens, ".")); err != nil {
		return fmt.Errorf("the pattern %q: %w", pattern, err)
	}
	return nil
}

// Match reports whether a pattern matches the name of a topic or a command.
func Match(pattern, name string) bool {
	_, ok := match(pattern, name)
	return ok
}

// match returns the part of a name that the first star and all after it stand for.
func match(pattern, name string) (key string, ok bool) {
	starred := false
	for {
		want, restWanted, wantsMore := strings.Cut(pattern, ".")
		token, rest, hasMore := strings.Cut(name, ".")
		if !starred && (want == one || want == more) {
			starred, key = true, name
		}
		switch {
		case want == more:
			return key, name != ""
		case want != one && want != token, token == "", wantsMore != hasMore:
			return "", false
		case !wantsMore:
			return key, true
		}
		pattern, name = restWanted, rest
	}
}

// exactness orders patterns so that of two that match one name the more exact is first.
func exactness(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(a, b string) int {
		return cmp.Or(cmp.Compare(stars(a), stars(b)), strings.Compare(a, b))
	})
}

func stars(token string) int {
	switch token {
	case one:
		return 1
	case more:
		return 2
	}
	return 0
}
