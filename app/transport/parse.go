package transport

import "strings"

// A parser reads the text of a stream, in pieces that may end anywhere, and does
// with it what an EventSource does (HTML Standard, section 9.2.6). What is left
// unfinished when the text ends is not a frame.
type parser struct {
	names map[string]bool // the frames to return; the others count for their ids only

	line    string // the unfinished one
	begun   bool   // a byte order mark may only stand before
	afterCR bool   // an LF now belongs to the line end before it

	name string
	data []string
	id   string

	last string // the id to resume after: that of the last frame with one, wanted or not
}

func newParser(names []string) *parser {
	p := &parser{names: map[string]bool{}}
	for _, name := range names {
		p.names[name] = true
	}
	return p
}

// parse returns the frames that a piece of text completes.
func (p *parser) parse(text string) (frames []Frame) {
	if !p.begun && text != "" {
		text, p.begun = strings.TrimPrefix(text, "\ufeff"), true
	}
	if p.afterCR && text != "" {
		text, p.afterCR = strings.TrimPrefix(text, "\n"), false
	}
	for {
		end := strings.IndexAny(text, "\r\n")
		if end < 0 {
			p.line += text
			return frames
		}
		if f, ok := p.field(p.line + text[:end]); ok {
			frames = append(frames, f)
		}
		p.line = ""
		cr := text[end] == '\r'
		if text = text[end+1:]; cr {
			p.afterCR = text == ""
			text = strings.TrimPrefix(text, "\n")
		}
	}
}

// field takes one line. An empty one ends a frame.
func (p *parser) field(line string) (f Frame, ok bool) {
	if line == "" {
		return p.dispatch()
	}
	name, value, _ := strings.Cut(line, ":")
	value = strings.TrimPrefix(value, " ")
	switch name {
	case "event":
		p.name = value
	case "data":
		p.data = append(p.data, value)
	case "id":
		if !strings.Contains(value, "\x00") {
			p.id = value
		}
	}
	return Frame{}, false // comments have no name; retry is for browsers
}

// dispatch returns the frame that is complete, if it has data and a name that
// the page listens for. Its id stands for the next ones as well.
func (p *parser) dispatch() (f Frame, ok bool) {
	f = Frame{Name: p.name, Data: strings.Join(p.data, "\n"), LastEventID: p.id}
	if f.Name == "" {
		f.Name = "message"
	}
	ok = p.data != nil && p.names[f.Name]
	p.name, p.data = "", nil
	if p.id != "" {
		p.last = p.id
	}
	return f, ok
}
