package e2e_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// clientBudget is how large the TypeScript client may be, minified and packed.
const clientBudget = 4 << 10

// buildClient returns client/seaway.ts as JavaScript: a module, or a script that defines
// a global of a name.
func buildClient(t *testing.T, global string) string {
	t.Helper()
	o := api.BuildOptions{
		EntryPoints: []string{"client/seaway.ts"}, Bundle: true, Target: api.ES2022, Format: api.FormatESModule,
		MinifySyntax: true, MinifyWhitespace: true, MinifyIdentifiers: true,
	}
	if global != "" {
		o.Format, o.GlobalName = api.FormatIIFE, global
	}
	built := api.Build(o)
	if len(built.Errors)+len(built.Warnings) > 0 {
		t.Fatalf("%+v %+v", built.Errors, built.Warnings)
	}
	return string(built.OutputFiles[0].Contents)
}

// followInPage is a script that shows the room's messages.
const followInPage = `
var shown = [], resets = [], up = [];
var stop = seaway.follow("", {topics: ["room.lobby"], last: 100, on: {"chat.posted": m => shown.push(m.text)},
	reset: why => { shown.length = 0; resets.push(why); }, status: live => up.push(live)});
true`

func TestTypeScriptClientIsSmall(t *testing.T) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(buildClient(t, ""))); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	t.Logf("the client takes %d bytes", b.Len())
	if b.Len() > clientBudget {
		t.Errorf("the client takes %d bytes, and may take %d", b.Len(), clientBudget)
	}
}

func TestTypeScriptClientFollowsOverRestartsInChromium(t *testing.T) {
	t.Parallel()
	s, b := startServer(t), openTab(t)
	b.navigate(s.url + "/robots.txt") // a page of the server's origin, without scripts
	eval[bool](b, buildClient(t, "seaway")+followInPage)
	followsOverRestarts(t, s, func() []string { return eval[[]string](b, `shown`) })
	reply := eval[string](b, `seaway.call("", "chat.post", {room: "lobby", author: "ann", text: "by the client"}).then(r => r.id)`)
	b.until("the client's own message", `shown.at(-1) === "by the client"`)
	if refused := eval[string](b, `seaway.call("", "chat.post", {}).catch(e => e.code + " " + e.retry)`); refused != "invalid false" {
		t.Errorf("a wrong command is refused with %s", refused)
	}
	if position := eval[string](b, `stop()`); seqOf(position) < seqOf(reply) {
		t.Errorf("it stops at %q, after %q", position, reply)
	}
}

// seqOf returns the number in a position, as text that can be compared with others of as
// many digits.
func seqOf(position string) string {
	parts := strings.Split(position, "-")
	if len(parts) != 3 {
		return ""
	}
	return strings.Repeat("0", max(0, 20-len(parts[1]))) + parts[1]
}

func TestTypeScriptClientFollowsOverRestartsInFirefox(t *testing.T) {
	t.Parallel()
	s, f := startServer(t), openFirefox(t)
	f.navigate(s.url + "/robots.txt")
	f.eval("(0, eval)("+quoted(buildClient(t, "seaway")+followInPage)+")", new(bool))
	followsOverRestarts(t, s, func() (texts []string) {
		f.eval(`shown`, &texts)
		return texts
	})
}

func TestTypeScriptClientStartsOverAfterAReset(t *testing.T) {
	t.Parallel()
	s, b := startServer(t), openTab(t)
	b.navigate(s.url + "/robots.txt")
	eval[bool](b, buildClient(t, "seaway")+followInPage)
	s.postAsWritten("of the first log")
	b.until("the first log's message is shown", `shown.length === 1`)
	s.kill()
	s.data = t.TempDir()
	s.start()
	s.postAsWritten("of another log")
	b.until("the other log's message alone is shown", `shown.join() === "of another log" && resets.join() === "epoch"`)
}

// nodeProgram follows a room, and prints each message as WIRE.md's clients do.
const nodeProgram = `
import { follow } from "./seaway.mjs";
const [server, topic] = process.argv.slice(2);
const on = { "chat.posted": m => console.log("chat.posted", JSON.stringify(m)) };
follow(server, { topics: [topic], last: 100, on, reset: why => console.log("reset", why) });
`

func TestBuildOfTheTypeScriptClientFollowsInNode(t *testing.T) {
	t.Parallel()
	s, dir := startServer(t), t.TempDir()
	write(t, filepath.Join(dir, "seaway.mjs"), buildClient(t, ""))
	c := &wireClient{}
	write(t, filepath.Join(dir, "follow.mjs"), nodeProgram)
	cmd := exec.Command("node", filepath.Join(dir, "follow.mjs"), s.url, "room.lobby")
	cmd.Stdout, cmd.Stderr = &c.out, &s.logs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	followsOverRestarts(t, s, func() []string { return c.texts(t) })
}

// typedProgram is right, but for the line that a test adds.
const typedProgram = `
import { call, follow } from "./seaway";
import type { Commands, Events } from "./types";
follow<Events>("", { topics: ["room.lobby"], on: { "chat.posted": (m, meta) => console.log(m.author.length, meta.at.getTime()) } });
const reply = await call<Commands, "chat.post">("", "chat.post", { room: "lobby", author: "ann", text: "hello" });
console.log(reply.id.length);
`

// The client and the types that the program writes fit together, by TypeScript's own
// compiler: a field that the server does not have is an error.
func TestBuildOfTheTypeScriptClientChecksItsTypes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	types, err := exec.Command(binary, "schema", "typescript").Output()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("client/seaway.ts")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "types.ts"), string(types))
	write(t, filepath.Join(dir, "seaway.ts"), string(source))
	compiler, err := filepath.Abs("faults/clients/node_modules/typescript/bin/tsc")
	if err != nil {
		t.Fatal(err)
	}
	for more, want := range map[string]string{
		"": "",
		`follow<Events>("", { topics: [], on: { "chat.posted": m => console.log(m.autor) } });`: "'autor' does not exist",
		`follow<Events>("", { topics: [], on: { "chat.post": m => console.log(m) } });`:         "'\"chat.post\"' does not exist",
		`call<Commands, "chat.post">("", "chat.post", { room: "lobby" });`:                      "missing the following properties",
	} {
		write(t, filepath.Join(dir, "main.ts"), typedProgram+more)
		cmd := exec.Command("node", compiler, "--noEmit", "--strict", "--target", "es2022", "--module", "es2022", "--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable", "main.ts")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if (err == nil) != (want == "") || !strings.Contains(string(out), want) {
			t.Errorf("with %q it says %v: %s", more, err, out)
		}
	}
}
