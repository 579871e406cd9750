package transport

import (
	"slices"
	"strings"
	"testing"
)

// The browsers' EventSource and another maker's parser agree: see e2e/interop.
func TestParserDoesWhatAnEventSourceDoes(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []Frame
	}{
		{"a frame", "id: 1\nevent: a\ndata: x\n\n", []Frame{{"a", "x", "1"}}},
		{"without a name", "data: x\n\n", []Frame{{"message", "x", ""}}},
		{"without a space", "event:a\ndata:x\n\n", []Frame{{"a", "x", ""}}},
		{"one space of two", "event: a\ndata:  x\n\n", []Frame{{"a", " x", ""}}},
		{"several lines", "event: a\ndata: x\ndata\ndata: y\n\n", []Frame{{"a", "x\n\ny", ""}}},
		{"empty data", "event: a\ndata\n\n", []Frame{{"a", "", ""}}},
		{"no data", "event: a\n\ndata: x\n\n", []Frame{{"message", "x", ""}}},
		{"an id without data counts", "id: 1\n\nevent: a\ndata: x\n\n", []Frame{{"a", "x", "1"}}},
		{"an id of a frame nobody wants counts", "id: 1\nevent: other\ndata: x\n\nevent: a\ndata: x\n\n", []Frame{{"a", "x", "1"}}},
		{"an empty id is none", "id: 1\n\nid\nevent: a\ndata: x\n\n", []Frame{{"a", "x", ""}}},
		{"an id with NUL is ignored", "id: 1\n\nid: \x00\nevent: a\ndata: x\n\n", []Frame{{"a", "x", "1"}}},
		{"CR", "event: a\rdata: x\r\r", []Frame{{"a", "x", ""}}},
		{"CRLF", "event: a\r\ndata: x\r\n\r\n", []Frame{{"a", "x", ""}}},
		{"comments and unknown fields", ": c\nevent: a\nother: y\ndata: x\nretry: 5\n\n", []Frame{{"a", "x", ""}}},
		{"names count in lower case", "Event: b\nevent: a\nData: y\n data: y\ndata: x\n\n", []Frame{{"a", "x", ""}}},
		{"a byte order mark", "\ufeffevent: a\ndata: x\n\n", []Frame{{"a", "x", ""}}},
		{"a second one", "\ufeff\ufeffevent: a\ndata: x\n\n", []Frame{{"message", "x", ""}}},
		{"what ends no line", "id: 1\u2028\nevent: a\ndata: \ufeff\u2028\u0085\v\x00\n\n", []Frame{{"a", "\ufeff\u2028\u0085\v\x00", "1\u2028"}}},
		{"data that looks like fields", "id: 1\nevent: a\ndata: id: 2\ndata: \ndata: : c\n\n", []Frame{{"a", "id: 2\n\n: c", "1"}}},
		{"unfinished", "event: a\ndata: x\n\nevent: a\ndata: y\n", []Frame{{"a", "x", ""}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			same(t, newParser([]string{"a", "message"}).parse(c.text), c.want)
			byte1 := newParser([]string{"a", "message"})
			var got []Frame
			for piece := range strings.SplitSeq(c.text, "") {
				got = append(got, byte1.parse(piece)...)
			}
			same(t, got, c.want)
		})
	}
}

func TestParserKnowsTheIDToResumeAfter(t *testing.T) {
	p := newParser([]string{"a"})
	for _, c := range []struct{ text, want string }{
		{"id: 1\nevent: other\ndata: x\n", ""}, {"\n", "1"}, {"event: a\ndata: x\n\n", "1"}, {"id: 2\n\n", "2"}, {"id\n\n", "2"}, {"id: 3\n", "2"},
	} {
		if p.parse(c.text); p.last != c.want {
			t.Errorf("after %q it is %q, want %q", c.text, p.last, c.want)
		}
	}
}

// oracle reads a whole text as the standard says it, word for word, with no
// thought of speed or of pieces.
func oracle(text string, names ...string) (frames []Frame) {
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	lines := strings.Split(text, "\n")
	var data, name, id strings.Builder
	for _, line := range lines[:len(lines)-1] { // the last one does not end
		switch colon := strings.Index(line, ":"); {
		case line == "":
			typ := name.String()
			if typ == "" {
				typ = "message"
			}
			if data.Len() > 0 && slices.Contains(names, typ) {
				frames = append(frames, Frame{typ, strings.TrimSuffix(data.String(), "\n"), id.String()})
			}
			data.Reset()
			name.Reset()
			continue
		case colon == 0:
			continue
		case colon < 0:
			line += ":"
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "event":
			name.Reset()
			name.WriteString(value)
		case "data":
			data.WriteString(value + "\n")
		case "id":
			if !strings.ContainsRune(value, 0) {
				id.Reset()
				id.WriteString(value)
			}
		}
	}
	return frames
}

func FuzzParserAgainstTheStandardsWords(f *testing.F) {
	for _, text := range []string{
		"", "id: 1\nevent: a\ndata: x\n\n", "data\n\n", "event: a\rdata:y\r\r", "\ufeffid\n\r\ndata:  z\n\n", ":\ndata: a\n:\ndata\n\nid: \x00\n\n", "event\ndata:\n\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		same(t, newParser([]string{"a", "message"}).parse(text), oracle(text, "a", "message"))
	})
}

func same(t *testing.T, got, want []Frame) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("frames %q, want %q", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("frame %d is %q, want %q", i, got[i], want[i])
		}
	}
}

// Wherever the network cuts a text, the frames are the same.
func FuzzParserInPieces(f *testing.F) {
	f.Add("id: 1\r\nevent: a\rdata: x\n\n\r\n", uint16(3), uint16(9))
	f.Add("\ufeff: c\nevent: a\ndata\n\n", uint16(1), uint16(12))
	f.Fuzz(func(t *testing.T, text string, i, j uint16) {
		whole := newParser([]string{"a", "message"}).parse(text)
		a, b := min(int(i), len(text)), min(int(j), len(text))
		a, b = min(a, b), max(a, b)
		if a > 0 && a < 3 && strings.HasPrefix(text, "\xef") {
			return // inside the byte order mark, which no decoder of UTF-8 yields
		}
		p := newParser([]string{"a", "message"})
		same(t, append(append(p.parse(text[:a]), p.parse(text[a:b])...), p.parse(text[b:])...), whole)
	})
}
