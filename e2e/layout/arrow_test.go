// Package layout_test holds the kit to its layout: who may import whom, what the
// two programs are made of, what go.mod requires, and what lies where.
//
// The arrows are checked file by file and not package by package, so that they
// hold for every platform at once and for tests as well.
package layout_test

import (
	"path"
	"strings"
	"testing"
)

// An arrow is a rule about imports, with imports that break it and others that
// keep it: a rule that could not be broken would hold nothing.
type arrow struct {
	name          string
	forbids       func(f file, imp string) bool
	breaks, keeps []edge
}

// An edge is a file and what it imports.
type edge struct{ file, imp string }

const (
	goApp      = "github.com/maxence-charriere/go-app/v10/pkg/app"
	natsClient = "github.com/nats-io/nats.go"
	natsServer = "github.com/nats-io/nats-server/v2/server"
	gorilla    = "github.com/gorilla/handlers"

	gorillaCookie = "github.com/gorilla/securecookie"
)

var arrows = []arrow{
	{
		name: "shared needs the standard library only",
		forbids: func(f file, imp string) bool {
			return f.under("shared") && !isStandard(imp) && !ours(imp, "shared")
		},
		breaks: []edge{{"shared/event/id.go", goApp}, {"shared/event/id.go", module + "server/sse"}, {"shared/event/id_test.go", "golang.org/x/sync/errgroup"}},
		keeps:  []edge{{"shared/event/id.go", "encoding/json"}, {"shared/wire/wire.go", module + "shared/event"}},
	},
	{
		name: "the page does not know the server",
		forbids: func(f file, imp string) bool {
			return f.under("app") && (ours(imp, "server") || ours(imp, "web"))
		},
		breaks: []edge{{"app/source/source.go", module + "server/sse"}, {"app/main.go", module + "server/sample/site"}, {"app/sample/page/page.go", module + "web"}},
		keeps:  []edge{{"app/source/source.go", module + "shared/event"}, {"app/sample/page/page.go", module + "app/source"}},
	},
	{
		name: "the server does not know the page, but its site may pre-render it",
		forbids: func(f file, imp string) bool {
			return f.under("server") && ours(imp, "app") && !(f.under("server/sample/site") && imp == module+"app/sample/page")
		},
		breaks: []edge{{"server/sse/handler.go", module + "app/source"}, {"server/sample/site/site.go", module + "app/source"}, {"server/main.go", module + "app/sample/page"}},
		keeps:  []edge{{"server/sample/site/site.go", module + "app/sample/page"}, {"server/main.go", module + "server/sample/site"}},
	},
	{
		name: "the library does not know the samples",
		forbids: func(f file, imp string) bool {
			return isLibrary(f) && isSamplePackage(imp)
		},
		breaks: []edge{{"server/sse/handler.go", module + "server/sample/site"}, {"app/source/source_test.go", module + "shared/sample/chat"}, {"web/assets/assets.go", module + "app/sample/page"}, {"server/sse/handler_test.go", module + "server"}},
		keeps:  []edge{{"server/sample/site/site.go", module + "shared/sample/chat"}, {"server/main.go", module + "server/sample/site"}, {"e2e/server_test.go", module + "shared/sample/chat"}},
	},
	{
		// Its go.mod is another, so that a user's has nothing that only these tests
		// need. The go command would refuse such an import, unless there is a go.work.
		name: "nothing outside of e2e imports e2e, tests included",
		forbids: func(f file, imp string) bool {
			return !f.under("e2e") && ours(imp, "e2e")
		},
		breaks: []edge{{"app/source/source.go", module + "e2e/wasmexec/browser"}, {"app/source/source_js_test.go", module + "e2e/wasmexec/browser"}, {"web/new/main_test.go", module + "e2e"}},
		keeps:  []edge{{"app/source/source_js_test.go", module + "app/transport/transporttest"}, {"e2e/firefox_test.go", module + "e2e/wasmexec/browser"}},
	},
	{
		name: "a connection does not know what a page is promised, nor who shares it",
		forbids: func(f file, imp string) bool {
			return (f.dir() == "app/transport" || f.under("app/internal")) && !f.test() && ours(imp, "app/source") ||
				f.dir() == "app/transport" && !f.test() && ours(imp, "app/internal/tabs")
		},
		breaks: []edge{{"app/transport/longpoll.go", module + "app/source"}, {"app/transport/poll.go", module + "app/internal/tabs"}, {"app/internal/tabs/member.go", module + "app/source"}},
		keeps:  []edge{{"app/source/share.go", module + "app/internal/tabs"}, {"app/internal/tabs/member.go", module + "app/transport"}, {"app/transport/source_test.go", module + "app/source"}},
	},
	{
		// web/dev is a server, for one developer, with a stream of its own.
		name: "files do not know who serves them, but for the program that serves them while they are written",
		forbids: func(f file, imp string) bool {
			served := f.under("web/dev") && (ours(imp, "server") || ours(imp, "shared"))
			return f.under("web") && ours(imp, "") && !ours(imp, "web") && !served
		},
		breaks: []edge{{"web/embed.go", module + "server/sample/site"}, {"web/internal/pack/pack.go", module + "shared/event"}, {"web/dev/front.go", module + "app/source"}},
		keeps:  []edge{{"web/assets/file.go", module + "web/internal/packed"}, {"web/internal/pack/pack.go", "github.com/andybalholm/brotli"}, {"web/dev/news.go", module + "server/sse"}},
	},
	{
		name: "go-app is for the page, its front door, what guards it, the list's view and the inspector's panel",
		forbids: func(f file, imp string) bool {
			view := f.dir() == "app/livelist" && strings.HasPrefix(path.Base(f.path), "view")
			return strings.HasPrefix(imp, "github.com/maxence-charriere/go-app/") &&
				!view && f.path != "app/inspect/panel.go" && !f.under("app/goapp") && !f.under("app/live") && !f.under("app/sample/page") && f.path != "app/main.go" && !f.under("e2e")
		},
		breaks: []edge{{"app/source/source.go", goApp}, {"app/livelist/list.go", goApp}, {"server/sample/site/site.go", goApp}},
		keeps:  []edge{{"app/sample/page/home.go", goApp}, {"app/livelist/view.go", goApp}, {"app/inspect/panel.go", goApp}, {"app/goapp/carry.go", goApp}, {"app/live/page.go", goApp}, {"app/main.go", goApp}},
	},
	{
		name: "NATS is for the logs that are kept on it",
		forbids: func(f file, imp string) bool {
			return strings.HasPrefix(imp, "github.com/nats-io/") &&
				!f.under("server/eventlog/jetstream") && !f.under("server/eventlog/embedded") && !f.under("e2e")
		},
		breaks: []edge{{"server/main.go", natsClient}, {"server/eventlog/log.go", natsClient}, {"server/eventlog/eventlogtest/run.go", natsClient}, {"app/main.go", natsClient}},
		keeps:  []edge{{"server/eventlog/jetstream/log.go", natsClient}, {"server/eventlog/embedded/log.go", natsClient}},
	},
	{
		name: "OpenTelemetry is for the module that traces, which no other package needs",
		forbids: func(f file, imp string) bool {
			return !f.under("server/tracing") && (strings.HasPrefix(imp, "go.opentelemetry.io/") || ours(imp, "server/tracing"))
		},
		breaks: []edge{{"server/live/trace.go", "go.opentelemetry.io/otel/trace"}, {"server/main.go", module + "server/tracing"}, {"e2e/admin_test.go", "go.opentelemetry.io/otel"}},
		keeps:  []edge{{"server/tracing/tracer.go", "go.opentelemetry.io/otel/trace"}, {"server/tracing/trace_test.go", module + "server/tracing"}},
	},
	{
		name: "the NATS server is for the embedded log",
		forbids: func(f file, imp string) bool {
			return strings.HasPrefix(imp, "github.com/nats-io/nats-server/") && !f.under("server/eventlog/embedded") && !f.test()
		},
		breaks: []edge{{"server/eventlog/jetstream/log.go", natsServer}, {"server/main.go", natsServer}},
		keeps:  []edge{{"server/eventlog/embedded/log.go", natsServer}, {"server/eventlog/jetstream/log_test.go", natsServer}, {"server/eventlog/jetstream/log.go", natsClient}},
	},
	{
		name: "JavaScript is for files called _js.go",
		forbids: func(f file, imp string) bool {
			name := strings.TrimSuffix(strings.TrimSuffix(f.path, ".go"), "_test")
			return imp == "syscall/js" && !strings.HasSuffix(name, "_js")
		},
		breaks: []edge{{"app/source/source.go", "syscall/js"}, {"app/source/js.go", "syscall/js"}, {"app/source/source_test.go", "syscall/js"}},
		keeps:  []edge{{"app/source/source_js.go", "syscall/js"}, {"app/source/source_js_test.go", "syscall/js"}},
	},
	{
		name: "the page does not link net/http",
		forbids: func(f file, imp string) bool {
			return f.js && !f.test() && (f.under("app") || f.under("shared")) && within(imp, "net/http")
		},
		breaks: []edge{{"app/source/source_js.go", "net/http"}, {"shared/command/call_js.go", "net/http/httptest"}},
		keeps:  []edge{{"shared/command/mux.go", "net/http"}, {"app/source/url.go", "net/url"}, {"shared/command/call_js_test.go", "net/http"}},
	},
	{
		name: "the log does not know who reads it",
		forbids: func(f file, imp string) bool {
			return f.under("server/eventlog") && ours(imp, "server") && !ours(imp, "server/eventlog") && imp != module+"server/internal/durable"
		},
		breaks: []edge{{"server/eventlog/log.go", module + "server/internal/fanout"}, {"server/eventlog/jetstream/log.go", module + "server/sse"}},
		keeps:  []edge{{"server/eventlog/jetstream/log.go", module + "server/eventlog"}, {"server/eventlog/embedded/directory.go", module + "server/internal/durable"}},
	},
	{
		name: "the fan-out does not know what carries it",
		forbids: func(f file, imp string) bool {
			return f.under("server/internal/fanout") && !f.test() &&
				(ours(imp, "server") && !ours(imp, "server/eventlog") && !ours(imp, "server/internal/fanout") || within(imp, "net"))
		},
		breaks: []edge{{"server/internal/fanout/hub.go", module + "server/sse"}, {"server/internal/fanout/hub.go", "net/http"}, {"server/internal/fanout/hub.go", "net"}},
		keeps:  []edge{{"server/internal/fanout/hub.go", module + "server/eventlog"}, {"server/internal/fanout/hub.go", module + "shared/event"}},
	},
	{
		name: "the reactor knows bytes, and nothing of events, frames or topics",
		forbids: func(f file, imp string) bool {
			return f.under("server/internal/reactor") && !f.test() && ours(imp, "") && !ours(imp, "server/httpd")
		},
		breaks: []edge{{"server/internal/reactor/loop.go", module + "server/sse"}, {"server/internal/reactor/loop.go", module + "server/internal/fanout"}, {"server/internal/reactor/conn.go", module + "shared/wire"}, {"server/internal/reactor/conn.go", module + "shared/event"}},
		keeps:  []edge{{"server/internal/reactor/hijack.go", module + "server/httpd"}, {"server/internal/reactor/hijack.go", "net/http"}, {"server/sse/fastpath.go", module + "server/internal/reactor"}},
	},
	{
		name: "only the stream knows the reactor",
		forbids: func(f file, imp string) bool {
			return ours(imp, "server/internal/reactor") && !f.under("server/sse") && !f.under("server/internal/reactor")
		},
		breaks: []edge{{"server/live/server.go", module + "server/internal/reactor"}, {"server/internal/socket/session.go", module + "server/internal/reactor"}},
		keeps:  []edge{{"server/sse/fastpath.go", module + "server/internal/reactor"}},
	},
	{
		name: "the stream does not know the site",
		forbids: func(f file, imp string) bool {
			return f.under("server/sse") && ours(imp, "server/sample/site")
		},
		breaks: []edge{{"server/sse/handler.go", module + "server/sample/site"}},
		keeps:  []edge{{"server/sse/handler.go", module + "server/internal/fanout"}},
	},
	{
		name: "gorilla's handlers are for the front door, and for the test that streams go through them; gorilla's cookies for the sessions",
		forbids: func(f file, imp string) bool {
			handlers := imp == gorilla && (f.under("server/live") || f.under("server/sse") && f.test())
			cookies := imp == gorillaCookie && f.dir() == "server/session"
			return strings.HasPrefix(imp, "github.com/gorilla/") && isLibrary(f) && !handlers && !cookies
		},
		breaks: []edge{{"server/sse/handler.go", gorilla}, {"app/source/source.go", gorilla}, {"server/internal/fanout/hub_test.go", gorilla}, {"server/live/access.go", gorillaCookie}, {"server/session/sessions.go", gorilla}},
		keeps:  []edge{{"server/live/middleware.go", gorilla}, {"server/session/sessions.go", gorillaCookie}, {"server/sse/hijack_test.go", gorilla}},
	},
	{
		// Presence and tracing stand on the front door. Tests of the sessions sign out
		// everywhere, streams included.
		name: "what the front door is made of does not know it",
		forbids: func(f file, imp string) bool {
			return isLibrary(f) && ours(imp, "server/live") && !f.under("server/live") && !f.under("server/tracing") && !f.under("server/presence") && !(f.dir() == "server/session" && f.test())
		},
		breaks: []edge{{"server/sse/handler.go", module + "server/live"}, {"server/session/sessions.go", module + "server/live"}, {"app/live/page.go", module + "server/live"}, {"web/assets/assets.go", module + "server/live"}},
		keeps:  []edge{{"server/main.go", module + "server/live"}, {"server/session/example_test.go", module + "server/live"}, {"server/tracing/tracer.go", module + "server/live"}, {"server/presence/serve.go", module + "server/live"}, {"server/sample/site/site.go", module + "server/live"}},
	},
}

// isStandard tells the standard library by its first element, which has no dot.
func isStandard(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return !strings.Contains(first, ".")
}

// ours reports whether imp is the kit's own package dir or below it; every package
// of the kit and of e2e is below "".
func ours(imp, dir string) bool {
	own, ok := strings.CutPrefix(imp, module)
	return ok && (dir == "" || within(own, dir))
}

// isLibrary reports whether the file belongs to a package that users keep.
func isLibrary(f file) bool {
	return !isSample(f.path) && !f.under("e2e")
}

func TestArrowsHold(t *testing.T) {
	files := sources(t)
	for _, a := range arrows {
		for _, f := range files {
			for _, imp := range f.imports {
				if a.forbids(f, imp) {
					t.Errorf("%s: %s imports %s", a.name, f.path, imp)
				}
			}
		}
	}
}

func TestArrowForbidsAndAllows(t *testing.T) {
	for _, a := range arrows {
		for _, e := range a.breaks {
			if !a.forbids(imagined(e.file), e.imp) {
				t.Errorf("%s: %s may import %s", a.name, e.file, e.imp)
			}
		}
		for _, e := range a.keeps {
			if a.forbids(imagined(e.file), e.imp) {
				t.Errorf("%s: %s may not import %s", a.name, e.file, e.imp)
			}
		}
		if a.breaks == nil || a.keeps == nil {
			t.Errorf("%s: nothing shows what it forbids and allows", a.name)
		}
	}
}

// imagined is a file of that path, for the browser if its name says so.
func imagined(path string) file {
	return file{path: path, js: strings.Contains(path, "_js")}
}
