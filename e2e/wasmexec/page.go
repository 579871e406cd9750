package main

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seawaykit/seaway/app/transport/transporttest"
)

//go:embed page.html files.js
var static embed.FS

// A page is what the browser is served, and what it reports.
type page struct {
	wasm, goroot   string
	setup          []byte        // JSON for page.html
	stdout, stderr *valve        // the test's
	loaded         chan struct{} // closed when a browser has the page
	exited         chan int      // one slot: the test's exit code
	next           chan string   // one slot: where the browser goes afterwards
}

// newPage prepares to run a test with its arguments and the part of the
// environment that concerns it. All of it together must fit into the 12 KiB
// that wasm_exec.js has room for.
func newPage(wasm, goroot string, args, environ []string, stdout, stderr io.Writer) *page {
	env := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "GO") || strings.HasPrefix(name, "SEAWAY_") {
			env[name] = value
		}
	}
	setup, err := json.Marshal(map[string]any{"argv": append([]string{filepath.Base(wasm)}, args...), "env": env})
	if err != nil {
		panic(err) // strings only
	}
	return &page{
		wasm: wasm, goroot: goroot, setup: setup, stdout: &valve{to: stdout}, stderr: &valve{to: stderr},
		loaded: make(chan struct{}), exited: make(chan int, 1), next: make(chan string, 1),
	}
}

// detach drops what the page writes from now on: its test has ended.
func (p *page) detach() {
	p.stdout.close()
	p.stderr.close()
}

// A valve passes on what is written until it is closed.
type valve struct {
	mu sync.Mutex
	to io.Writer
}

func (v *valve) Write(p []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.to.Write(p)
}

func (v *valve) close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.to = io.Discard
}

// serve serves the page on a free port of this machine until stop.
func (p *page) serve() (url string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	scripts := transporttest.NewHandler()
	scripts.Worker = stockWorker()
	srv := &http.Server{Handler: p.routes(scripts), ReadHeaderTimeout: time.Minute}
	done := make(chan struct{})
	go func() {
		defer close(done)
		srv.Serve(l)
	}()
	return "http://" + l.Addr().String() + "/", func() {
		srv.Close()
		scripts.Close()
		<-done
	}, nil
}

func (p *page) routes(scripts http.Handler) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Clear-Site-Data", `"cookies"`) // another page's: they do not know of ports
		http.ServeFileFS(w, r, static, "page.html")
	})
	mux.Handle("GET /files.js", http.FileServerFS(static))
	loaded := sync.OnceFunc(func() { close(p.loaded) })
	mux.HandleFunc("GET /setup.json", func(w http.ResponseWriter, _ *http.Request) {
		loaded()
		w.Write(p.setup)
	})
	mux.HandleFunc("GET /next", func(w http.ResponseWriter, r *http.Request) {
		select {
		case url := <-p.next:
			io.WriteString(w, url)
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("GET /test.wasm", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		http.ServeFile(w, r, p.wasm)
	})
	mux.HandleFunc("GET /wasm_exec.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(p.goroot, "lib", "wasm", "wasm_exec.js"))
	})
	mux.HandleFunc("POST /stdout", func(_ http.ResponseWriter, r *http.Request) { io.Copy(p.stdout, r.Body) })
	mux.HandleFunc("POST /stderr", func(_ http.ResponseWriter, r *http.Request) { io.Copy(p.stderr, r.Body) })
	mux.HandleFunc("POST /exit/{code}", func(w http.ResponseWriter, r *http.Request) {
		code, err := strconv.Atoi(r.PathValue("code"))
		if err != nil {
			http.Error(w, "not an exit code", http.StatusBadRequest)
			return
		}
		select {
		case p.exited <- code:
		default: // it has exited already
		}
	})
	mux.Handle(transporttest.Prefix, scripts)
	return mux
}

// findGoroot returns the root of the Go that runs the tests: a binary runs only
// with the wasm_exec.js of the Go that built it.
func findGoroot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOROOT: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}
