package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/server/sample/transports"
)

// listen opens the port, with TLS if there is a certificate.
func listen(c config) (net.Listener, error) {
	if c.tlsCert == "" {
		return net.Listen("tcp", c.addr)
	}
	cert, err := tls.LoadX509KeyPair(c.tlsCert, c.tlsKey)
	if err != nil {
		return nil, fmt.Errorf("the certificate: %w", err)
	}
	return tls.Listen("tcp", c.addr, &tls.Config{
		Certificates: []tls.Certificate{cert},
		NextProtos:   []string{"h2", "http/1.1"},
		MinVersion:   tls.VersionTLS12,
	})
}

// operators is the handler of the operators' port, which is another one once
// the program has started.
type operators struct{ now atomic.Pointer[http.Handler] }

func (o *operators) use(h http.Handler) { o.now.Store(&h) }

// ServeHTTP implements [http.Handler].
func (o *operators) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	(*o.now.Load()).ServeHTTP(w, r)
}

// serveAdmin serves the operators' port, if it has an address, until stop, which
// waits.
func serveAdmin(addr string, h http.Handler, logger *slog.Logger) (o *operators, stop func(), err error) {
	o = &operators{}
	o.use(h)
	if addr == "" {
		return o, func() {}, nil
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, nil, err
	}
	server := newServer(config{}, o, logger)
	var serving sync.WaitGroup
	serving.Go(func() { server.Serve(listener) })
	logger.Info("listening for operators", "url", "http://"+hostPort(listener.Addr()))
	return o, func() {
		server.Close()
		serving.Wait()
	}, nil
}

// newServer returns the HTTP server.
func newServer(c config, h http.Handler, logger *slog.Logger) *http.Server {
	server := httpd.New(h, httpd.Options{Heartbeat: c.beat})
	server.Protocols.SetUnencryptedHTTP2(c.h2c)
	server.ErrorLog = slog.NewLogLogger(logger.Handler(), slog.LevelWarn)
	known := server.ConnContext
	server.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		return transports.ConnContext(known(ctx, conn), conn)
	}
	return server
}

func (c config) scheme() string {
	if c.tlsCert != "" {
		return "https"
	}
	return "http"
}

// hostPort makes an address that listens everywhere one that can be visited.
func hostPort(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return addr.String()
}
