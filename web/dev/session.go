package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/web/internal/gotool"
)

// endTime bounds how long streams and requests may take to end.
const endTime = 2 * time.Second

// A session builds and serves one module.
type session struct {
	opts     options
	out      io.Writer
	sources  tree
	builder  builder
	notifier *notifier
	proxy    *devProxy

	server *process // nil if none runs
	build  string   // of the running server
}

// serve runs until ctx ends.
func serve(ctx context.Context, opts options, out io.Writer) error {
	root, err := gotool.Root(ctx)
	if err != nil {
		return err
	}
	if err := os.Chdir(root); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", opts.addr)
	if err != nil {
		return err
	}
	n := newNotifier()
	s := &session{
		opts: opts, out: out, notifier: n, proxy: newDevProxy(n),
		sources: tree{root, append(opts.skip, filepath.ToSlash(filepath.Clean(opts.dir)))},
		builder: builder{page: opts.page, server: opts.server, dir: opts.dir, program: filepath.Join(root, "bin", "dev"), out: out},
	}
	stop := s.listen(listener)
	defer stop()
	fmt.Fprintf(out, "dev: http://%s, once it is built: the first time on a small machine that takes minutes\n", httpd.HostPort(listener.Addr()))
	s.loop(ctx)
	return nil
}

// listen serves the proxy until stop, which waits.
func (s *session) listen(listener net.Listener) (stop func()) {
	server := httpd.New(s.proxy, httpd.Options{})
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), endTime)
		defer cancel()
		s.notifier.close(ctx)
		if server.Shutdown(ctx) != nil {
			server.Close()
		}
		serving.Wait()
	}
}

// loop builds after each change of the sources, until ctx ends.
func (s *session) loop(ctx context.Context) {
	defer func() { s.server.stop() }()
	for {
		was := s.sources.scan() // before the build: changes during it are built next
		s.report(ctx, s.rebuild(ctx))
		watching, cancel := context.WithCancel(ctx)
		ended := s.watchServer(watching, cancel)
		changed := s.sources.changed(watching, was)
		cancel()
		if failure := <-ended; failure != nil && ctx.Err() == nil {
			s.proxy.setUpstream(upstream{})
			s.report(ctx, failure)
			changed = s.sources.changed(ctx, was)
		}
		if !changed {
			return
		}
	}
}

// watchServer cancels when the server ends by itself, and sends the reason.
func (s *session) watchServer(ctx context.Context, cancel func()) <-chan error {
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

// rebuild builds, and replaces the server if the program has changed.
func (s *session) rebuild(ctx context.Context) error {
	began := time.Now()
	id, err := s.builder.build(ctx)
	if err != nil {
		return err
	}
	if s.server != nil && id == s.build && s.server.running() {
		return s.notifier.publishBuilt(ctx, id)
	}
	s.proxy.setUpstream(upstream{pending: true})
	s.server.stop()
	if s.server, err = launch(s.builder.program, s.sources.root, s.opts.args, s.out); err == nil {
		err = s.server.ready(ctx)
	}
	if err != nil {
		s.server.stop()
		s.server = nil
		s.proxy.setUpstream(upstream{})
		return err
	}
	s.build = id
	s.proxy.setUpstream(upstream{addr: s.server.addr, build: id})
	fmt.Fprintf(s.out, "dev: built and started in %v\n", time.Since(began).Round(10*time.Millisecond))
	return s.notifier.publishBuilt(ctx, id)
}

// report shows an error in the terminal and in the pages.
func (s *session) report(ctx context.Context, err error) {
	if err == nil || ctx.Err() != nil {
		return
	}
	fmt.Fprintf(s.out, "%v\n", err)
	if err := s.notifier.publishFailed(ctx, err.Error()); err != nil {
		fmt.Fprintln(s.out, "dev: the error cannot be sent to the pages:", err)
	}
}
