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

// root is the kit's directory as tests of this package see it.
var root = filepath.Join("..", "..")

// A file is one Go file of the kit or of its end-to-end tests.
type file struct {
	path    string // from the kit's root, with slashes
	pkg     string // the name in its package clause
	doc     string // of the package
	imports []string
	lines   int
	js      bool // whether it is compiled for the browser
}

// dir returns the package's path below the kit's, "." for the root.
func (f file) dir() string { return path.Dir(f.path) }

func (f file) test() bool { return strings.HasSuffix(f.path, "_test.go") }

// under reports whether the file's package is dir or below it.
func (f file) under(dir string) bool { return within(f.dir(), dir) }

func within(p, dir string) bool { return p == dir || strings.HasPrefix(p, dir+"/") }

// sources reads every Go file of the kit and of e2e, for all platforms. Test data
// and the modules inside e2e are left out, as the go command does.
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
		t.Fatalf("found %d Go files: this is not the kit", len(files))
	}
	return files
}

// enter returns fs.SkipDir for a directory without code of the two modules.
func enter(name string, entry fs.DirEntry) error {
	base := entry.Name()
	hidden := len(base) > 1 && (base[0] == '.' || base[0] == '_') && base != ".."
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	module := err == nil && name != root && name != filepath.Join(root, "e2e")
	if hidden || base == "testdata" || module {
		return fs.SkipDir
	}
	return nil
}

// goFiles returns the text of every Go file of the repository by its path from the
// root: of the modules inside e2e, of new projects and of test data, too.
func goFiles(t *testing.T) map[string]string {
	t.Helper()
	ignored, files := ignores(t), map[string]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (name == ".git" || entry.Name() == "node_modules" || isIgnored(ignored, name)):
			return fs.SkipDir
		case path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(os.DirFS(root), name)
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
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
