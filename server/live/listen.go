package live

import (
	"context"
	"crypto/tls"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"

	"github.com/seawaykit/seaway/server/httpd"
)

// listen opens the port, for proxies that say from whom a connection is, and with TLS if
// there is a configuration.
func listen(opts Options) (net.Listener, error) {
	listener, err := net.Listen("tcp", opts.Addr)
	if err != nil {
		return nil, err
	}
	if opts.ProxyProtocol {
		proxies, err := httpd.NewProxies(opts.TrustedProxies, opts.Logger)
		if err != nil {
			listener.Close()
			return nil, err
		}
		listener = proxies.Listen(listener)
	}
	secure := opts.TLS
	if secure == nil {
		return listener, nil
	}
	if secure.NextProtos == nil {
		secure = secure.Clone()
		secure.NextProtos = []string{"h2", "http/1.1"}
	}
	return tls.NewListener(listener, secure), nil
}

// certificate returns the configuration of a server that has one, nil without
// files.
func certificate(certFile, keyFile string) (*tls.Config, error) {
	if certFile == "" {
		return nil, nil
	}
	cert, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, fmt.Errorf("the certificate: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}, nil
}

// newHTTP returns the HTTP server of h.
func (s *Server) newHTTP(h http.Handler) *http.Server {
	server := httpd.New(h, httpd.Options{Heartbeat: s.opts.Heartbeat})
	server.Protocols.SetUnencryptedHTTP2(s.opts.H2C)
	server.ErrorLog = errorLog(s.opts.Logger)
	if s.opts.ConnContext != nil {
		known := server.ConnContext
		server.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
			return s.opts.ConnContext(known(ctx, conn), conn)
		}
	}
	return server
}

func errorLog(logger *slog.Logger) *log.Logger {
	return slog.NewLogLogger(logger.Handler(), slog.LevelWarn)
}

func scheme(secure *tls.Config) string {
	if secure != nil {
		return "https"
	}
	return "http"
}
