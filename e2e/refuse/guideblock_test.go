package refuse_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// chapters are the files of the guide.
const chapters = "../../web/guide/*.md"

// A chapterBlock is a block of code of the guide.
type chapterBlock struct {
	file string // the chapter's name
	line int
	lang string
	text string
	in   string // the file of a project that is named above the block, or ""
}

var (
	fence   = regexp.MustCompile("^ *```(.*)$")
	fileFor = regexp.MustCompile("^`([a-z][\\w./-]*\\.go)`$")
)

// chapterBlocks returns the blocks of all chapters, in order.
func chapterBlocks(t *testing.T) (blocks []chapterBlock) {
	t.Helper()
	names, err := filepath.Glob(chapters)
	if err != nil || len(names) < 13 {
		t.Fatalf("the guide has %d files, %v", len(names), err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		blocks = append(blocks, blocksOf(t, filepath.Base(name), string(text))...)
	}
	return blocks
}

func blocksOf(t *testing.T, name, text string) (blocks []chapterBlock) {
	t.Helper()
	var open *chapterBlock
	above := ""
	for n, line := range strings.Split(text, "\n") {
		m := fence.FindStringSubmatch(line)
		switch {
		case m != nil && open == nil:
			open = &chapterBlock{file: name, line: n + 1, lang: m[1], in: above}
			above = ""
		case m != nil:
			blocks, open = append(blocks, *open), nil
		case open != nil:
			open.text += line + "\n"
		case line != "":
			above = ""
			if f := fileFor.FindStringSubmatch(line); f != nil {
				above = f[1]
			}
		}
	}
	if open != nil {
		t.Fatalf("%s:%d: a block of code does not end", name, open.line)
	}
	return blocks
}

// templates are the texts of the files that web/new makes projects of.
func templates(t *testing.T) (texts []string) {
	t.Helper()
	err := filepath.WalkDir("../../web/new", func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.Contains(name, "/_") {
			return err
		}
		text, err := os.ReadFile(name)
		texts = append(texts, string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// isExcerpt reports whether a block is a part of a file of a new project, whose tests
// then are the block's.
func isExcerpt(t *testing.T, b chapterBlock) bool {
	for _, text := range templates(t) {
		if strings.Contains(text, b.text) {
			return true
		}
	}
	return false
}

// checkers are the languages of blocks with what holds each: a language without one
// would be code that no test looks at.
var checkers = map[string]string{
	"go":      "TestGuidesGoCompiles, and TestGuidesFirstPageIsBuilt for what changes a project",
	"js":      "TestGuidesPageIsTheTemplates",
	"sh":      "TestGuidesShellBlocksRun of package e2e",
	"text":    "the same: what the block before prints",
	"caddy":   "TestGuidesProxiesAreTheFiles",
	"nginx":   "TestGuidesProxiesAreTheFiles",
	"apache":  "TestGuidesProxiesAreTheFiles",
	"haproxy": "TestGuidesProxiesAreTheFiles",
	"vcl":     "TestGuidesProxiesAreTheFiles",
	"ini":     "TestUnitOfTheGuideIsValid of e2e/faults",
}

func TestGuidesBlocksAllHaveATest(t *testing.T) {
	for _, b := range chapterBlocks(t) {
		if checkers[b.lang] == "" {
			t.Errorf("%s:%d: no test knows blocks of %q", b.file, b.line, b.lang)
		}
	}
}

func TestGuidesPageIsTheTemplates(t *testing.T) {
	for _, b := range chapterBlocks(t) {
		if b.lang == "js" && !isExcerpt(t, b) {
			t.Errorf("%s:%d: this is not in a file of a new project", b.file, b.line)
		}
	}
}
