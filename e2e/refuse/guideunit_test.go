package refuse_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A unit is a package that some Go blocks of a chapter are: they begin with a comment
// that says which half they are of, and a block that is continued belongs to the unit
// before it. A contract is imported by what comes after it.
type unit struct {
	dir   string // below the module
	half  string // shared, server or page
	name  string // of a contract
	tests bool
	files map[string]string
}

// A header is the first line of a block, as "// shared/board, continued: what it shows".
var header = regexp.MustCompile(`^// (shared/(\w+)|server|page)((?:, (?:continued|test))*)(:.*)?\n`)

// unitsOf returns the packages of a chapter's blocks, which begin with a header.
func unitsOf(t *testing.T, blocks []chapterBlock) (units []*unit) {
	t.Helper()
	latest := map[string]*unit{}
	for _, b := range blocks {
		m := header.FindStringSubmatch(b.text)
		half, _, _ := strings.Cut(m[1], "/")
		test, continued := strings.Contains(m[3], "test"), strings.Contains(m[3], "continued")
		u := latest[m[1]]
		if u == nil || !continued && !test {
			u = &unit{half: half, name: m[2], files: map[string]string{}}
			u.dir = fmt.Sprintf("%s/%s%d", strings.TrimSuffix(b.file, ".md"), m[1], b.line)
			units = append(units, u)
			latest[m[1]] = u
		}
		u.tests = u.tests || test
		suffix := ".go"
		if test {
			suffix = "_test.go"
		}
		u.files[fmt.Sprintf("line%d%s", b.line, suffix)] = source(t, b, u, latest)
	}
	return units
}

// source makes a file of a block: a package clause, the imports of what it uses, and a
// function around statements.
func source(t *testing.T, b chapterBlock, u *unit, latest map[string]*unit) string {
	t.Helper()
	pkg := u.half
	if u.name != "" {
		pkg = u.name
	}
	text := b.text
	if _, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+text, 0); err != nil {
		text = "func _(ctx context.Context, srv *live.Server, log eventlog.Log, c live.Config) error {\n" + text + use(b) + "return nil\n}\n"
	}
	syntax, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+text, 0)
	if err != nil {
		t.Errorf("%s:%d: %v", b.file, b.line, err)
		return "package " + pkg + "\n"
	}
	known := imports(u, latest)
	var lines []string
	for _, id := range syntax.Unresolved {
		if path := known[id.Name]; path != "" {
			lines = append(lines, fmt.Sprintf("import %s %q\n", id.Name, path))
		}
	}
	slices.Sort(lines)
	return fmt.Sprintf("package %s\n\n%s\n//line %s:%d\n%s", pkg, strings.Join(slices.Compact(lines), ""), b.file, b.line+1-strings.Count(text[:strings.Index(text, b.text)], "\n"), text)
}

// use returns statements by which the variables of a block of statements are used.
func use(b chapterBlock) (text string) {
	syntax, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc _() {\n"+b.text+"}\n", 0)
	if err != nil {
		return ""
	}
	for _, s := range syntax.Decls[0].(*ast.FuncDecl).Body.List {
		if a, ok := s.(*ast.AssignStmt); ok && a.Tok == token.DEFINE {
			for _, left := range a.Lhs {
				if id := left.(*ast.Ident); id.Name != "_" {
					text += "_ = " + id.Name + "\n"
				}
			}
		}
	}
	return text
}

// imports returns the packages that a unit may use, by the names that blocks have for
// them.
func imports(u *unit, latest map[string]*unit) map[string]string {
	const kit = "github.com/seawaykit/seaway/"
	known := map[string]string{
		"event": kit + "shared/event", "state": kit + "shared/state", "command": kit + "shared/command", "fault": kit + "shared/fault",
		"statetest": kit + "shared/state/statetest", "eventtest": kit + "shared/event/eventtest", "wire": kit + "shared/wire", "presence": kit + "shared/presence",
	}
	for _, std := range []string{"cmp", "context", "errors", "fmt", "maps", "os", "slices", "strconv", "strings", "sync", "testing", "time"} {
		known[std] = std
	}
	known["synctest"] = "testing/synctest"
	switch u.half {
	case "server":
		for _, p := range []string{"live", "access", "session", "presence", "eventlog", "eventlog/embedded", "eventlog/jetstream", "httpd", "sse", "ops"} {
			known[p[strings.LastIndex(p, "/")+1:]] = kit + "server/" + p
		}
		known["pages"] = kit + "app/live"
		known["http"], known["httptest"], known["tls"] = "net/http", "net/http/httptest", "crypto/tls"
		known["hex"], known["json"], known["io"] = "encoding/hex", "encoding/json", "io"
		known["app"] = "github.com/maxence-charriere/go-app/v10/pkg/app"
	case "page":
		for _, p := range []string{"live", "livelist", "source", "source/sourcetest", "transport", "inspect", "goapp"} {
			known[p[strings.LastIndex(p, "/")+1:]] = kit + "app/" + p
		}
		known["app"] = "github.com/maxence-charriere/go-app/v10/pkg/app"
	}
	for _, contract := range latest {
		if contract.name != "" && contract != u {
			known[contract.name] = "example.com/guide/" + contract.dir
		}
	}
	return known
}
