package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/httpd"
)

// endTime bounds how long streams and requests may take to end.
const endTime = 2 * time.Second

// A session serves one module to its developer.
type session struct {
	opts    options
	out     io.Writer
	sources tree
	builder builder
	news    *news
	front   *front

	server *process // nil if none runs
	build  string   // of the server
}

// serve runs until ctx ends.
func serve(ctx context.Context, opts options, out io.Writer) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", opts.addr)
	if err != nil {
		return err
	}
	n := newNews()
	s := &session{
		opts: opts, out: out, news: n, front: newFront(n),
		sources: tree{root, append(opts.skip, filepath.ToSlash(filepath.Dir(opts.wasm)))},
		builder: builder{root: root, page: opts.page, server: opts.server, wasm: opts.wasm, program: filepath.Join(root, "bin", "dev")},
	}
	stop := s.answer(listener)
	defer stop()
	fmt.Fprintf(out, "dev: http://%s\n", visited(listener.Addr()))
	s.follow(ctx)
	return nil
}

// moduleRoot returns the directory of the module.
func moduleRoot() (string, error) {
	said, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", err
	}
	file := strings.TrimSpace(string(said))
	if filepath.Base(file) != "go.mod" {
		return "", errors.New("this directory is in no module")
	}
	return filepath.Dir(file), nil
}

// visited makes an address that listens everywhere one that can be visited.
func visited(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return addr.String()
}

// answer serves the front until stop, which waits.
func (s *session) answer(listener net.Listener) (stop func()) {
	server := httpd.New(s.front, httpd.Options{})
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), endTime)
		defer cancel()
		s.news.close(ctx)
		if server.Shutdown(ctx) != nil {
			server.Close()
		}
		serving.Wait()
	}
}

// follow builds after each change of the sources, until ctx ends.
func (s *session) follow(ctx context.Context) {
	defer func() { s.server.stop() }()
	for {
		was := s.sources.look() // before the build: what changes meanwhile is built next
		s.report(ctx, s.renew(ctx))
		watching, cancel := context.WithCancel(ctx)
		ended := s.watch(watching, cancel)
		changed := s.sources.changed(watching, was)
		cancel()
		if failure := <-ended; failure != nil && ctx.Err() == nil {
			s.front.move(upstream{})
			s.report(ctx, failure)
			changed = s.sources.changed(ctx, was)
		}
		if !changed {
			return
		}
	}
}

// watch cancels when the server ends by itself, and then says how.
func (s *session) watch(ctx context.Context, cancel func()) <-chan error {
	ended := make(chan error, 1)
	if s.server == nil {
		ended <- nil
		return ended
	}
	server := s.server
	go func() {
		select {
		case <-server.done:
			cancel()
			ended <- server.ended()
		case <-ctx.Done():
			ended <- nil
		}
	}()
	return ended
}

// renew builds, and replaces the server if the new one is another.
func (s *session) renew(ctx context.Context) error {
	began := time.Now()
	id, err := s.builder.build(ctx)
	if err != nil {
		return err
	}
	if s.server != nil && id == s.build && s.server.running() {
		return s.news.tellBuilt(ctx, id)
	}
	s.front.move(upstream{pending: true})
	s.server.stop()
	if s.server, err = launch(s.builder.program, s.builder.root, s.opts.args, s.out); err == nil {
		err = s.server.ready(ctx)
	}
	if err != nil {
		s.server.stop()
		s.server = nil
		s.front.move(upstream{})
		return err
	}
	s.build = id
	s.front.move(upstream{addr: s.server.addr, build: id})
	fmt.Fprintf(s.out, "dev: built and started in %v\n", time.Since(began).Round(10*time.Millisecond))
	return s.news.tellBuilt(ctx, id)
}

// report shows what went wrong, in the terminal and in the pages.
func (s *session) report(ctx context.Context, err error) {
	if err == nil || ctx.Err() != nil {
		return
	}
	fmt.Fprintf(s.out, "%v\n", err)
	if err := s.news.tellFailed(ctx, err.Error()); err != nil {
		fmt.Fprintln(s.out, "dev: the pages were not told:", err)
	}
}
