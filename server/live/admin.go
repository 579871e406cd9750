package live

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/server/ops"
)

var (
	errStarting = errors.New("the server is starting: its log is not open yet")
	errFilling  = errors.New("the ring is being filled from the log")
	errOpening  = errors.New("the states are being opened")
	errDraining = errors.New("the server is shutting down")
)

// Admin returns the handler of a page for operators at /, and of /metrics, /healthz, /readyz
// and /livez, by package ops. Serve it on an address that is not public.
func (s *Server) Admin() http.Handler {
	return ops.Handler(ops.Sources{Streams: s.streams.Stats, Hub: s.streams.RingStats, Log: s.logState, Healthy: s.healthy, Ready: s.ready, Overview: s.overview})
}

// logTime bounds how long /metrics waits for the log.
const logTime = time.Second

func (s *Server) logState() (eventlog.State, error) {
	ctx, cancel := context.WithTimeout(context.Background(), logTime)
	defer cancel()
	return s.log.State(ctx)
}

// healthy joins the health of the hub and of the log.
func (s *Server) healthy() error {
	err := s.streams.Health()
	for _, k := range s.kinds {
		err = errors.Join(err, k.healthy())
	}
	if log, ok := s.log.(interface{ Health() error }); ok {
		err = errors.Join(err, log.Health())
	}
	return err
}

// ready returns why the server should get no traffic: a node that cannot reach
// its log serves what is in its memory and can store nothing.
func (s *Server) ready() error {
	select {
	case <-s.streams.Ready():
	default:
		return errFilling
	}
	for _, k := range s.kinds {
		select {
		case <-k.opening():
		default:
			return errOpening // pages would be drawn without them
		}
	}
	if s.draining.hasBegun() {
		return errDraining
	}
	return s.streams.Health()
}

// An adminHandler is the handler of the admin address, which changes once there
// is a Server.
type adminHandler struct{ current atomic.Pointer[http.Handler] }

func (o *adminHandler) set(h http.Handler) { o.current.Store(&h) }

// ServeHTTP implements [http.Handler].
func (o *adminHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	(*o.current.Load()).ServeHTTP(w, r)
}

// serveAdmin serves the admin address, if there is one, until stop, which waits.
// Until set is called it reports that the server is starting.
func serveAdmin(opts Options) (o *adminHandler, stop func(), err error) {
	o = &adminHandler{}
	o.set(ops.Starting(errStarting))
	if opts.Admin == "" {
		return o, func() {}, nil
	}
	listener, err := net.Listen("tcp", opts.Admin)
	if err != nil {
		return nil, nil, err
	}
	server := httpd.New(o, httpd.Options{Heartbeat: opts.Heartbeat})
	server.ErrorLog = errorLog(opts.Logger)
	var serving sync.WaitGroup
	serving.Go(func() { server.Serve(listener) })
	if tcp, ok := listener.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		opts.Logger.Warn("the admin address is not of this machine alone: any client that reaches it reads without a password what the server does", "address", listener.Addr().String())
	}
	opts.Logger.Info("listening for operators", "url", "http://"+httpd.HostPort(listener.Addr()))
	return o, func() {
		server.Close()
		serving.Wait()
	}, nil
}
