package layout_test

import (
	"bytes"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/seawaykit/seaway/"

// root is the module's directory as tests of this package see it.
var root = filepath.Join("..", "..")

// A file is one Go file of the module.
type file struct {
	path    string // from the root, with slashes
	pkg     string // the name in its package clause
	doc     string // of the package
	imports []string
	lines   int
	js      bool // whether it is compiled for the browser
}

// dir returns the package's path below the module, "." for the root.
func (f file) dir() string { return path.Dir(f.path) }

func (f file) test() bool { return strings.HasSuffix(f.path, "_test.go") }

// under reports whether the file's package is dir or below it.
func (f file) under(dir string) bool { return within(f.dir(), dir) }

func within(p, dir string) bool { return p == dir || strings.HasPrefix(p, dir+"/") }

// sources reads every Go file of the module, for all platforms. Test data and
// modules inside the module are left out, as the go command does.
func sources(t *testing.T) []file {
	t.Helper()
	var files []file
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return enter(name, entry)
		}
		if filepath.Ext(name) == ".go" {
			f, err := parse(name)
			files = append(files, f)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 20 {
		t.Fatalf("found %d Go files: this is not the module", len(files))
	}
	return files
}

// enter returns fs.SkipDir for a directory without code of this module.
func enter(name string, entry fs.DirEntry) error {
	base := entry.Name()
	hidden := len(base) > 1 && (base[0] == '.' || base[0] == '_') && base != ".."
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	if hidden || base == "testdata" || name != root && err == nil {
		return fs.SkipDir
	}
	return nil
}

func parse(name string) (file, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return file{}, err
	}
	syntax, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return file{}, err
	}
	rel, err := filepath.Rel(root, name)
	if err != nil {
		return file{}, err
	}
	browser := build.Default
	browser.GOOS, browser.GOARCH, browser.CgoEnabled = "js", "wasm", false
	js, err := browser.MatchFile(filepath.Dir(name), filepath.Base(name))
	return file{
		path:    filepath.ToSlash(rel),
		pkg:     syntax.Name.Name,
		doc:     syntax.Doc.Text(),
		imports: imported(syntax),
		lines:   bytes.Count(text, []byte("\n")),
		js:      js,
	}, err
}

func imported(syntax *ast.File) (paths []string) {
	for _, spec := range syntax.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			panic(err) // the parser has checked it
		}
		paths = append(paths, p)
	}
	return paths
}
