package layout_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// TestNameUsesStandardTerms reads every Go file of the repository: of the modules
// inside e2e, of new projects and of test data, too.
func TestNameUsesStandardTerms(t *testing.T) {
	used := map[kept]bool{}
	files := goFiles(t)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for _, fault := range misnamed(t, name, files[name], used) {
			t.Error(fault)
		}
	}
	for _, k := range keptWords {
		if !used[k] {
			t.Errorf("%s: no name says %q there: strike it off the list of words that are kept", k.path, k.word)
		}
	}
}

// misnamed returns the names in a file that have a retired word in them: its own,
// those that it declares, and those of its structs' fields on the wire. Names that
// are only used are another file's to declare, or another module's. It notes which of
// the kept ones it has met.
func misnamed(t *testing.T, name, text string, used map[kept]bool) (faults []string) {
	t.Helper()
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if fault := refused(strings.TrimSuffix(path.Base(name), ".go"), name, used); fault != "" {
		faults = append(faults, name+": "+fault)
	}
	ast.Inspect(syntax, func(n ast.Node) bool {
		for _, declared := range declarations(n) {
			if fault := refused(declared, name, used); fault != "" {
				faults = append(faults, fmt.Sprintf("%s:%d: %s", name, files.Position(n.Pos()).Line, fault))
			}
		}
		return true
	})
	return faults
}

// declarations returns the names that a node of a file declares.
func declarations(n ast.Node) (names []string) {
	switch n := n.(type) {
	case *ast.File:
		names = identifiers(n.Name)
	case *ast.ImportSpec:
		names = identifiers(n.Name)
	case *ast.FuncDecl:
		names = identifiers(n.Name)
	case *ast.TypeSpec:
		names = identifiers(n.Name)
	case *ast.ValueSpec:
		names = identifiers(n.Names...)
	case *ast.LabeledStmt:
		names = identifiers(n.Label)
	case *ast.Field:
		names = append(identifiers(n.Names...), tagged(n.Tag)...)
	case *ast.AssignStmt:
		if n.Tok == token.DEFINE {
			names = identifiers(n.Lhs...)
		}
	case *ast.RangeStmt:
		if n.Tok == token.DEFINE {
			names = identifiers(n.Key, n.Value)
		}
	}
	return names
}

// identifiers returns the names of those expressions that are identifiers.
func identifiers[E ast.Expr](list ...E) (names []string) {
	for _, e := range list {
		if id, ok := ast.Expr(e).(*ast.Ident); ok && id != nil {
			names = append(names, id.Name)
		}
	}
	return names
}

// tagged returns the name in the JSON of a struct's field.
func tagged(tag *ast.BasicLit) []string {
	if tag == nil {
		return nil
	}
	text, err := strconv.Unquote(tag.Value)
	if err != nil {
		panic(err) // the parser has checked it
	}
	name, _, _ := strings.Cut(reflect.StructTag(text).Get("json"), ",")
	return []string{name}
}

// refused returns what is wrong with a name in a file, or "". A plural is refused with
// its singular.
func refused(name, file string, used map[kept]bool) string {
	list := words(name)
	for i, word := range list {
		for _, old := range []string{word, strings.TrimSuffix(word, "s"), strings.Join(list[i:min(i+2, len(list))], " ")} {
			if use := retired[old]; use != "" && !isKept(old, file, used) {
				return fmt.Sprintf("%q says %q: use %s", name, old, use)
			}
		}
	}
	return ""
}

// isKept reports whether a retired word stays in a file, and notes it.
func isKept(word, file string, used map[kept]bool) bool {
	for _, k := range keptWords {
		if k.word == word && strings.HasPrefix(file, k.path) {
			if used != nil {
				used[k] = true
			}
			return true
		}
	}
	return false
}

// words returns the words of a camelCase or snake_case name, in lower case. Letters
// in capitals are one word, and the last of them begins the next: HTTPServer has two.
func words(name string) (list []string) {
	letters := []rune(name)
	begin := 0
	cut := func(end int) {
		if end > begin {
			list = append(list, strings.ToLower(string(letters[begin:end])))
		}
		begin = end
	}
	for i, c := range letters {
		upper := unicode.IsUpper(c)
		switch {
		case !unicode.IsLetter(c):
			cut(i)
			begin = i + 1
		case i > begin && upper && unicode.IsLower(letters[i-1]),
			i > begin && upper && i+1 < len(letters) && unicode.IsLower(letters[i+1]):
			cut(i)
		}
	}
	cut(len(letters))
	return list
}

func TestWordsOfAName(t *testing.T) {
	for name, want := range map[string]string{
		"beat":          "beat",
		"BeatName":      "beat name",
		"beat_ms":       "beat ms",
		"maxBEAT":       "max beat",
		"HTTPBeat":      "http beat",
		"beatAt2":       "beat at",
		"beats_on_tick": "beats on tick",
		"heartbeatAt":   "heartbeat at",
		"_":             "",
	} {
		if got := strings.Join(words(name), " "); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// A retired word is refused as a whole word, in what a file declares.
func TestRetiredWordIsRefused(t *testing.T) {
	found := map[string]string{
		"var beat = 1":                                            "beat",
		"const maxBeats = 2":                                      "maxBeats",
		"type Beat struct{}":                                      "Beat",
		"type Hello struct { Beat int }":                          "Beat",
		"type Hello struct { N int `json:\"beat_ms\"` }":          "beat_ms",
		"func TestStreamBeats() {}":                               "TestStreamBeats",
		"func f(beat int) {}":                                     "beat",
		"func f() (HTTPBeat int) { return }":                      "HTTPBeat",
		"func f() { a, beatAt := 1, 2; _, _ = a, beatAt }":        "beatAt",
		"func f(l []int) { for _, beat := range l { _ = beat } }": "beat",
		"func (m member) patience() int { return 0 }":             "patience",
		"func putAway() {}":                                       "putAway",
		"type T struct{ isPutAway bool }":                         "isPutAway",
		"func TestPageTellsItsUser() {}":                          "TestPageTellsItsUser",
		`import beat "time"; var _ beat.Time`:                     "beat",
	}
	for text, want := range found {
		got := misnamed(t, "a.go", "package p\n\n"+text, nil)
		if len(got) != 1 || !strings.HasPrefix(got[0], "a.go:3: "+strconv.Quote(want)+" says ") {
			t.Errorf("%s: %q, want that %q is refused", text, got, want)
		}
	}
	for _, text := range []string{
		"var heartbeat, beaten, beatific, offbeat, impatience, patient = 1, 2, 3, 4, 5, 6",
		"// beat has its reasons\nvar text = \"patience\"",
		"type Hello struct { Heartbeat int `json:\"heartbeat_ms\"` }",
		"var x = time.Beat(other.Options{Beat: 1})",
		"func put() { away := 1; _ = away }\n\ntype tended struct{ benchmark, markdown, intend, foretold int }",
	} {
		if got := misnamed(t, "heartbeat_test.go", "package p\n\n"+text, nil); got != nil {
			t.Errorf("%s: %q", text, got)
		}
	}
	for _, name := range []string{"a/beat.go", "a/beat_test.go"} {
		if got := misnamed(t, name, "package p", nil); len(got) != 1 {
			t.Errorf("%s: %q, want its name refused", name, got)
		}
	}
}

// Each entry leads to a term that is not retired itself.
func TestRetiredWordHasAStandardTerm(t *testing.T) {
	for _, word := range slices.Sorted(maps.Keys(retired)) {
		if got := words(word); strings.Join(got, " ") != word || len(got) > 2 {
			t.Errorf("%q is the words %q: list one or two words in lower case", word, got)
		}
		if fault := refused(strings.ReplaceAll(retired[word], " ", "_"), "", nil); fault != "" {
			t.Error(fault)
		}
	}
}

// A word may be kept in some files, for a reason, and nowhere else.
func TestKeptWordIsRefusedElsewhere(t *testing.T) {
	for _, k := range keptWords {
		used := map[kept]bool{}
		if k.reason == "" || k.path == "" || retired[k.word] == "" {
			t.Errorf("%+v: a retired word is kept in some files for a reason", k)
		}
		if fault := refused(strings.ReplaceAll(k.word, " ", "_"), k.path, used); fault != "" || !used[k] {
			t.Errorf("%s: %s", k.path, fault)
		}
		if refused(strings.ReplaceAll(k.word, " ", "_"), "other/"+k.path, nil) == "" {
			t.Errorf("%q is kept everywhere", k.word)
		}
	}
}
