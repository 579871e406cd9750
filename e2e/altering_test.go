package e2e_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// An alteringProxy passes everything on, but changes some answers.
type alteringProxy struct {
	*httptest.Server
	alter func(*http.Response)

	mu   sync.Mutex
	gate chan struct{} // nil while the wasm passes
	busy bool          // commands are answered 503
	seen []string      // the posts, as "POST /room/lobby"
}

// startAltering starts a proxy that the browser takes for the server; alter may be nil.
func startAltering(t *testing.T, s *server, alter func(*http.Response)) *alteringProxy {
	t.Helper()
	to, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	p := &alteringProxy{alter: alter}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host // the server compares it with the page's origin
			if r.Out.URL.Path == "/wasm_exec.js" {
				r.Out.Header.Del("Accept-Encoding") // beforeScripts writes into it: the transport unpacks it
			}
		},
		ModifyResponse: p.modify,
		FlushInterval:  -1,
		ErrorHandler:   func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			p.mu.Lock()
			p.seen = append(p.seen, "POST "+r.URL.Path)
			busy := p.busy && r.URL.Path == "/commands/chat.post"
			p.mu.Unlock()
			if busy {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		p.open()
		p.CloseClientConnections() // streams do not end by themselves
		p.Close()
	})
	return p
}

func (p *alteringProxy) modify(r *http.Response) error {
	p.mu.Lock()
	gate := p.gate
	p.mu.Unlock()
	if isWasm(r) && gate != nil {
		r.Body = &slowBody{ReadCloser: r.Body, left: r.ContentLength / 2, gate: gate}
	}
	if p.alter != nil {
		p.alter(r)
	}
	return nil
}

func isWasm(r *http.Response) bool { return r.Request.URL.Path == "/web/app.wasm" }

// hold lets half of the wasm through from now on, and that slowly, until open is called.
func (p *alteringProxy) hold() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gate = make(chan struct{})
}

func (p *alteringProxy) open() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gate != nil {
		close(p.gate)
		p.gate = nil
	}
}

// refuse has messages be refused for now, or not any more.
func (p *alteringProxy) refuse(busy bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy = busy
}

// posts returns how often something was posted to a path.
func (p *alteringProxy) posts(path string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, one := range p.seen {
		if one == "POST "+path {
			n++
		}
	}
	return n
}

// A slowBody has a slow line's speed, and stops half way until the gate is open.
type slowBody struct {
	io.ReadCloser
	left int64
	gate chan struct{}
}

// slowRead is what comes at once, each 50 ms: 640 KB a second.
const slowRead = 32 << 10

func (b *slowBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		<-b.gate
		return b.ReadCloser.Read(p)
	}
	select {
	case <-b.gate:
	case <-time.After(50 * time.Millisecond):
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), slowRead)])
	b.left -= int64(n)
	return n, err
}

// replace puts another body into an answer.
func replace(r *http.Response, status int, body []byte) {
	r.Body.Close()
	r.StatusCode, r.Body, r.ContentLength = status, io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Del("Content-Encoding")
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
}

// beforeScripts has the page run a script before its own.
func beforeScripts(script string) func(*http.Response) {
	return func(r *http.Response) {
		if r.Request.URL.Path != "/wasm_exec.js" || r.StatusCode != http.StatusOK {
			return
		}
		own, _ := io.ReadAll(r.Body) // what cannot be read fails the test
		replace(r, http.StatusOK, append([]byte(script+"\n"), own...))
	}
}

// wasmIs answers another status, or another program, for the wasm.
func wasmIs(status int, body []byte) func(*http.Response) {
	return func(r *http.Response) {
		if isWasm(r) {
			replace(r, status, body)
		}
	}
}

// cutWasm ends the wasm's answer after three quarters.
func cutWasm(r *http.Response) {
	if isWasm(r) {
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(io.LimitReader(r.Body, r.ContentLength*3/4), brokenReader{}), r.Body}
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// forbidWasm gives the page a policy by which it may not compile wasm.
func forbidWasm(r *http.Response) {
	if policy := r.Header.Get("Content-Security-Policy"); policy != "" {
		r.Header.Set("Content-Security-Policy", strings.ReplaceAll(policy, " 'wasm-unsafe-eval'", ""))
	}
}
