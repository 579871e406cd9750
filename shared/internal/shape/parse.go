package shape

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A shape is a description, read back. Where the description leads back to a
// type around it, the shape is that type's own: shapes may be circular.
type shape struct {
	text string // all of the description
	// head is the description up to what it is made of: "{" of an object, "?",
	// "[", "[4 " or "map[string]" of what has one part, else all of it.
	head   string
	part   *shape
	fields []member // of an object, in the description's order
}

// A member is a field of an object.
type member struct {
	name    string
	shape   *shape
	options []string // of its JSON tag, sorted
}

// member returns the field of that name.
func (s *shape) member(name string) (m member, ok bool) {
	for _, m := range s.fields {
		if m.name == name {
			return m, true
		}
	}
	return member{}, false
}

// errDescription says that a text is not a description.
var errDescription = errors.New("is not a description of a payload")

// parse reads what Describe writes.
func parse(description string) (*shape, error) {
	p := &shapeParser{text: description, rest: description}
	s := p.shape()
	if p.failed || p.rest != "" {
		return nil, errDescription
	}
	return s, nil
}

// A shapeParser reads one description. After a failure it reads on, to no
// effect, until it runs out of text.
type shapeParser struct {
	text, rest string
	path       []*shape // the shapes being read, outermost first
	failed     bool
}

// shape reads a type. It mirrors describer.describe.
func (p *shapeParser) shape() *shape {
	if p.skip("^") {
		return p.back()
	}
	begin := p.at()
	s := &shape{}
	p.path = append(p.path, s)
	switch {
	case p.skip("?"):
		p.part(s, begin, "")
	case p.skip("["):
		if p.number() != "" {
			p.want(" ")
		}
		p.part(s, begin, "]")
	case p.skip("map["):
		p.shape()
		p.want("]")
		p.part(s, begin, "")
	case p.skip("{"):
		s.head = "{"
		p.members(s)
	case p.skip("custom("):
		p.label()
		p.want(")")
	default:
		p.word()
	}
	p.path = p.path[:len(p.path)-1]
	s.text = p.text[begin:p.at()]
	if s.head == "" {
		s.head = s.text
	}
	return s
}

// part reads what s is made of, up to the end of s.
func (p *shapeParser) part(s *shape, begin int, end string) {
	s.head = p.text[begin:p.at()]
	s.part = p.shape()
	p.want(end)
}

// back reads how many steps outwards a type is that is being read already.
func (p *shapeParser) back() *shape {
	n, err := strconv.Atoi(p.number())
	if err != nil || n < 1 || n > len(p.path) {
		p.failed = true
		return &shape{}
	}
	return p.path[len(p.path)-n]
}

func (p *shapeParser) members(s *shape) {
	for !p.skip("}") && !p.failed {
		if len(s.fields) > 0 {
			p.want(" ")
		}
		m := member{name: p.label()}
		p.want(":")
		m.shape = p.shape()
		for p.skip(",") {
			m.options = append(m.options, p.label())
		}
		s.fields = append(s.fields, m)
	}
}

// label reads what label writes.
func (p *shapeParser) label() string {
	if quoted, err := strconv.QuotedPrefix(p.rest); err == nil && quoted[0] == '"' {
		p.rest = p.rest[len(quoted):]
		text, _ := strconv.Unquote(quoted) // QuotedPrefix has seen to that
		return text
	}
	return p.word()
}

func (p *shapeParser) word() string {
	n := strings.IndexFunc(p.rest, func(r rune) bool { return !isWord(r) })
	return p.cut(n)
}

// number reads digits, if there are any.
func (p *shapeParser) number() string {
	n := strings.IndexFunc(p.rest, func(r rune) bool { return r < '0' || r > '9' })
	if n == 0 {
		return ""
	}
	return p.cut(n)
}

// cut takes n bytes, or all that is left if n is negative. Nothing is a failure.
func (p *shapeParser) cut(n int) string {
	if n < 0 {
		n = len(p.rest)
	}
	if n == 0 || !utf8.ValidString(p.rest[:n]) {
		p.failed = true
	}
	text := p.rest[:n]
	p.rest = p.rest[n:]
	return text
}

func (p *shapeParser) skip(token string) (ok bool) {
	p.rest, ok = strings.CutPrefix(p.rest, token)
	return ok
}

func (p *shapeParser) want(token string) {
	if !p.skip(token) {
		p.failed = true
	}
}

// at returns how much has been read.
func (p *shapeParser) at() int { return len(p.text) - len(p.rest) }

// Check reports whether a text is a description.
func Check(description string) error {
	_, err := parse(description)
	return err
}
