// Command guide renders the guide, the Markdown below web/guide, for the sample, which
// embeds the result: goldmark and chroma are in no program and in no user's go.mod.
//
//	cd e2e && go run ./guide -o ../server/sample/guide/build ../web/guide
//
// The contents, README.md, decide which files are chapters, and their order. A link that
// leads nowhere is an error.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/seawaykit/seaway/server/sample/guide"
)

func main() {
	out := flag.String("o", ".", "`directory` to write to")
	flag.Parse()
	if err := run(flag.Arg(0), *out); err != nil {
		fmt.Fprintln(os.Stderr, "guide:", err)
		os.Exit(1)
	}
}

func run(dir, out string) error {
	book, err := render(os.DirFS(dir))
	if err != nil {
		return err
	}
	text, err := json.Marshal(book)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, guide.File), text, 0o644)
}
