//go:build !js

package source

import (
	"strings"
	"testing"
	"unicode/utf8"

	gosse "github.com/tmaxmax/go-sse"
)

// Parsers by other people agree about what a server of this kit may write: one
// id, one name and data without CR.
func FuzzParserAgainstAnother(f *testing.F) {
	f.Add("1", "a", "x\n\ny")
	f.Add("e1-7-abc", "message", "")
	f.Fuzz(func(t *testing.T, id, name, data string) {
		if strings.ContainsAny(id+name, "\r\n\x00") || id == "" || name == "" || strings.Contains(data, "\r") || !utf8.ValidString(id+name+data) || id[0] == ' ' || name[0] == ' ' {
			return
		}
		text := "id: " + id + "\nevent: " + name + "\ndata: " + strings.ReplaceAll(data, "\n", "\ndata: ") + "\n\n"
		var want []Frame
		for e, err := range gosse.Read(strings.NewReader(text), &gosse.ReadConfig{MaxEventSize: 1 << 20}) {
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			want = append(want, Frame{e.Type, e.Data, e.LastEventID})
		}
		same(t, newParser([]string{name}).parse(text), want)
	})
}
