package shape

import (
	"fmt"
	"slices"
	"strings"
)

// Additive reports whether a page that knows a payload as old describes it
// reads, without misreading, what is written as new describes it. Both are
// descriptions as [Describe] writes them. The error names the field that keeps it from
// that, and why; it is nil for equal descriptions.
//
// An object, at any depth, may gain fields, since decoders skip what they do not
// know; but none that differs from an old one by upper and lower case only,
// which encoding/json takes for the same. It may not lose or rename one: its
// absence reads as zero. A field may gain or lose omitempty and omitzero: what
// is left out is what a decoder begins with. Only one that may be null does not
// gain omitzero, which can leave out what points to a zero (of time.Time, say),
// and that would read as null.
//
// Everything else stays as it is. A number does not change its size, a list does
// not become an array and a map keeps the kind of its keys; what lists, arrays
// and maps hold may change by these same rules. A payload that may be null
// (?T) does not become one that may not, or the reverse: only one of them can
// say "none". Types inside themselves are followed once around, however often
// each description unrolls them.
func Additive(old, new string) error {
	if old == new {
		return nil
	}
	before, err := parse(old)
	if err != nil {
		return fmt.Errorf("%q %w", old, err)
	}
	after, err := parse(new)
	if err != nil {
		return fmt.Errorf("%q %w", new, err)
	}
	return (&comparison{seen: map[[2]*shape]bool{}}).compare(before, after, "")
}

// A comparison walks two shapes side by side. A pair that it has begun is taken
// as good when it comes around again: if it is not, that will be found where it
// was begun, and nothing else is true of a type inside itself.
type comparison struct{ seen map[[2]*shape]bool }

// compare looks at what is found at a place, "" for the whole payload.
func (c *comparison) compare(old, new *shape, at string) error {
	pair := [2]*shape{old, new}
	switch {
	case c.seen[pair]:
		return nil
	case old.head != new.head:
		return fmt.Errorf("%s was %s and is %s", place(at), old.text, new.text)
	}
	c.seen[pair] = true
	if old.part != nil {
		return c.compare(old.part, new.part, at+suffix(old.head))
	}
	return c.compareFields(old, new, at)
}

// suffix is how a place inside something is written.
func suffix(head string) string {
	if head == "?" {
		return ""
	}
	return "[]"
}

func place(at string) string {
	if at == "" {
		return "the payload"
	}
	return "field " + at
}

func (c *comparison) compareFields(old, new *shape, at string) error {
	for _, f := range old.fields {
		inside := inside(at, f.name)
		g, kept := new.member(f.name)
		switch {
		case !kept:
			return fmt.Errorf("%s was removed", place(inside))
		case !slices.Equal(lasting(f.options), lasting(g.options)) || f.shape.head == "?" && gains("omitzero", f, g):
			return fmt.Errorf("%s had the JSON options %q and has %q", place(inside), f.options, g.options)
		}
		if err := c.compare(f.shape, g.shape, inside); err != nil {
			return err
		}
	}
	for _, g := range new.fields {
		if _, known := old.member(g.name); known {
			continue
		}
		for _, f := range old.fields {
			if strings.EqualFold(f.name, g.name) {
				return fmt.Errorf("%s is taken for %s, since a JSON decoder does not distinguish upper from lower case", place(inside(at, g.name)), f.name)
			}
		}
	}
	return nil
}

func gains(option string, old, new member) bool {
	return !slices.Contains(old.options, option) && slices.Contains(new.options, option)
}

func inside(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// lasting returns the options that may not change: string, which quotes, and
// those that this package does not know.
func lasting(options []string) []string {
	return slices.DeleteFunc(slices.Clone(options), func(o string) bool { return o == "omitempty" || o == "omitzero" })
}
