package live

import "strings"

// match returns the pattern of routes that a path matches best, and the values in it.
func match(r Routes, path string) (pattern string, values map[string]string, ok bool) {
	for p := range r {
		if p == NotFound || ok && !isBefore(p, pattern) {
			continue
		}
		if v, matches := matchOne(p, path); matches {
			pattern, values, ok = p, v, true
		}
	}
	return pattern, values, ok
}

// matchOne compares segment by segment.
func matchOne(pattern, path string) (values map[string]string, ok bool) {
	values = map[string]string{}
	for {
		segment, morePattern, inPattern := strings.Cut(pattern, "/")
		text, morePath, inPath := strings.Cut(path, "/")
		switch name, wild := variable(segment); {
		case wild && strings.HasSuffix(name, "..."):
			values[strings.TrimSuffix(name, "...")] = path
			return values, true
		case wild && text != "":
			values[name] = text
		case segment != text:
			return nil, false
		}
		if inPattern != inPath {
			return nil, false
		}
		if !inPattern {
			return values, true
		}
		pattern, path = morePattern, morePath
	}
}

// variable returns the name in a segment in braces.
func variable(segment string) (name string, ok bool) {
	if len(segment) < 3 || segment[0] != '{' || segment[len(segment)-1] != '}' {
		return "", false
	}
	return segment[1 : len(segment)-1], true
}

// isBefore reports whether of two patterns that match the same path p is the more exact one:
// the first segment in which they differ is a literal in p, or is one segment where the
// other has all that follow. Two that differ in names alone are ordered by these.
func isBefore(p, other string) bool {
	for p != other {
		var a, b string
		a, p, _ = strings.Cut(p, "/")
		b, other, _ = strings.Cut(other, "/")
		if x, y := exactness(a), exactness(b); x != y {
			return x < y
		}
		if a != b {
			return a < b
		}
	}
	return false
}

func exactness(segment string) int {
	switch name, wild := variable(segment); {
	case !wild:
		return 0
	case !strings.HasSuffix(name, "..."):
		return 1
	}
	return 2
}
