package shape

import (
	"reflect"
	"testing"
)

func TestTextsThatAreNoDescription(t *testing.T) {
	for _, text := range []string{
		"", " ", "{", "{a}", "{a:}", "{:int}", "{a:int,}", "{a:int  b:int}", "{a:int }", "{a:int}b", "[int", "[4int]", "[]", "?", "^1", "{a:^2}",
		"{a:^0}", "{a:^}", "{a:^99999999999999999999}", "map[string]", "map[string", "map[]int", "custom()", "custom(a", `custom("a)`, "int string", "a\xff",
	} {
		if s, err := parse(text); err == nil {
			t.Errorf("%q was read as %+v", text, s)
		}
	}
}

func TestDescriptionLeadsBackToTheTypeAround(t *testing.T) {
	s, err := parse("{a:int next:?^2 rest:[^2]}")
	if err != nil {
		t.Fatal(err)
	}
	next, _ := s.member("next")
	rest, _ := s.member("rest")
	if next.shape.part != s || rest.shape.part != s {
		t.Errorf("next leads to %p and rest to %p, want %p", next.shape.part, rest.shape.part, s)
	}
}

// Whatever is read is itself when it is written and read again, and gets along
// with itself; nothing else is done to whoever edits a history.
func FuzzShapesAreReadOrRefused(f *testing.F) {
	for _, typ := range []reflect.Type{
		reflect.TypeFor[node](), reflect.TypeFor[list](), reflect.TypeFor[letter](), reflect.TypeFor[verse](),
		reflect.TypeFor[map[int][4]*struct {
			N int `json:"a b,omitempty,string"`
		}](),
	} {
		text, err := Describe(typ)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add("{a:{b:[{c:int}]}}")
	f.Add("????^1")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parse(text)
		if err != nil {
			return
		}
		again, err := parse(s.text)
		if err != nil || s.text != text {
			t.Fatalf("%q was read as %q, and then %v", text, s.text, err)
		}
		if err := (&comparison{seen: map[[2]*shape]bool{}}).compare(s, again, ""); err != nil {
			t.Fatalf("%q does not get along with itself: %v", text, err)
		}
	})
}
