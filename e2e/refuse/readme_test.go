package refuse_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What stands around the three parts of README's message list.
var around = map[string]struct{ before, after string }{
	"chat": {before: `package chat
import (
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)
`},
	"server": {before: `package server
import (
	"context"
	"github.com/seawaykit/seaway/bin/readme/chat"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/web"
)
func Serve(ctx context.Context, log eventlog.Log) error {
`, after: `return err
}
`},
	"page": {before: `package page
import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/bin/readme/chat"
	"github.com/seawaykit/seaway/shared/event"
)
type home struct {
	app.Compo
	page     *live.Page
	messages []event.Of[chat.Message]
	failure  string
}
var _ app.Composer = &home{}
`},
}

// messageList returns the parts of README's message list, by half.
func messageList(t *testing.T) (parts map[string]string, lines int) {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)\n## A live message list in 20 lines\n\n```go\n// shared/chat[^\n]*\n(.*?)\n// server\n(.*?)\n// page[^\n]*\n(.*?)```").FindStringSubmatch(string(text))
	if m == nil {
		t.Fatal("README has no message list of three parts")
	}
	for line := range strings.Lines(strings.Join(m[1:], "\n")) {
		if strings.Trim(line, "\n\t })") != "" { // a line that closes what another has begun is none to understand
			lines++
		}
	}
	return map[string]string{"chat": m[1], "server": m[2], "page": m[3]}, lines
}

// The packages are in no directory: the go command reads them from an overlay, in the
// kit's own module.
func TestMessageListInREADMECompilesOnBothPlatforms(t *testing.T) {
	parts, lines := messageList(t)
	if lines > 20 {
		t.Errorf("README's message list has %d lines, at most 20 are promised", lines)
	}
	compileParts(t, parts, around)
}

// What stands around the three parts of README's board.
var aroundBoard = map[string]struct{ before, after string }{
	"board": {before: `package board
import (
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)
`},
	"server": {before: `package server
import (
	"github.com/seawaykit/seaway/bin/readme/board"
	"github.com/seawaykit/seaway/server/live"
)
func Serve(srv *live.Server) {
`, after: `}
`},
	"page": {before: `package page
import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/bin/readme/board"
)
type home struct {
	app.Compo
	page    *live.Page
	board   *live.Value[board.Board]
	failure string
}
func columns(b board.Board) app.UI { return app.P().Text(len(b.Cards)) }
var _ app.Composer = &home{}
`},
}

func TestBoardInREADMECompilesOnBothPlatforms(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)\n### A state that everyone changes\n\n```go\n// shared/board\n(.*?)\n// server\n(.*?)\n// page\n(.*?)```").FindStringSubmatch(string(text))
	if m == nil {
		t.Fatal("README has no board of three parts")
	}
	compileParts(t, map[string]string{"board": m[1], "server": m[2], "page": m[3]}, aroundBoard)
}

// compileParts builds the halves of a block of README.
func compileParts(t *testing.T, parts map[string]string, around map[string]struct{ before, after string }) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	for half, text := range parts {
		file := filepath.Join(t.TempDir(), half+".go")
		write(t, file, around[half].before+text+around[half].after)
		replace[filepath.Join(root, "bin", "readme", half, half+".go")] = file
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "overlay.json")
	write(t, name, string(overlay))
	for _, c := range []struct {
		half string
		p    platform
	}{{"server", native}, {"page", native}, {"page", wasm}} {
		cmd := exec.Command("go", "build", "-overlay", name, "./bin/readme/"+c.half)
		cmd.Dir = root
		if c.p != native {
			cmd.Env = append(os.Environ(), "GOOS="+c.p.os, "GOARCH="+c.p.arch)
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s for %s: %v\n%s", c.half, c.p, err, out)
		}
	}
}
