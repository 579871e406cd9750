package live

import (
	"context"
	"crypto/tls"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/seawaykit/seaway/server/access"
)

// Options configure a [Server]. The zero value refuses every stream and
// command.
type Options struct {
	// Identify returns the identity of a request's user: empty for an anonymous
	// user, an error to refuse the request, preferably a [*fault.Error]. It may say until
	// when the identity is valid, by [access.Until]. Package session has one. See
	// [Identity]. Default: every user is anonymous.
	Identify func(r *http.Request) (identity string, err error)

	// Follow decides who may follow which topic that belongs to no kind of [Serve]. It is
	// asked about each topic of a request. See [Public] and [access.ByTopic]. Default:
	// every topic is refused.
	Follow access.Rule

	// Call decides who may call which command of [Handle], with the decoded request. See
	// [Anyone] and [access.ByCommand]. Default: every call is refused.
	Call access.Rule

	// OnConnect is called once for each authorised stream, poll and socket,
	// before its first byte. The function that it returns is called once after
	// the connection has ended; it may be nil. Neither may block.
	OnConnect func(r *http.Request, identity string, topics []string) (disconnected func())

	// FormWords returns the texts of the page that refuses a form of [Form], for its
	// request: in the language of its user. Default English.
	FormWords func(r *http.Request) *FormWords

	// Files holds directories, such as build and static; the files below each
	// are served below /web/. Usually it is an embed.FS. Default: no files.
	Files fs.FS

	// Origins are other origins whose pages may use this server, as https://example.com, by
	// streams, polls, sockets and commands, with the credentials of their users: browsers
	// send a SameSite=Lax cookie from other hosts of the same site only. Default none.
	Origins []string

	// PublicURL is the address of the site as browsers have it, as https://example.com or
	// https://example.com/app/. Requests for another host are refused, but for loopback's
	// names; pages of its origin may use the server, whatever host a proxy names; with
	// https clients are taken to speak HTTPS, so that cookies are Secure; and everything is
	// below its path. A proxy may strip that path or leave it. Default: any host, and
	// the root.
	PublicURL string

	// TrustedProxies are the networks of the proxies in front of the server, as 10.0.0.0/8,
	// which are believed about their clients: see [httpd.Proxies]. Default none.
	TrustedProxies []string
	// ProxyProtocol makes Run accept connections from TrustedProxies, which must then be
	// set, with a header of HAProxy's PROXY protocol only: see [httpd.Proxies.Listen],
	// which is for the listeners of Serve. Default off.
	ProxyProtocol bool

	Heartbeat time.Duration // heartbeat interval of the streams; keep it below the idle timeout of proxies; default 15 s
	Limits    Limits
	// Quotas bound what clients have appended, by patterns of topics, so that no topic
	// pushes the events of others out of the log. Default, for each topic: 50 events a second
	// and 500 at once, and 100 KB a second and 2 MB at once. A map takes its place.
	Quotas  map[string]access.Quota
	Version string // of the program, sent to pages in the stream's hello

	// Addr is the address that Run listens on. Default ":8000".
	Addr string
	// Admin is the address at which Run serves [Server.Admin], such as
	// 127.0.0.1:9090. Default off.
	Admin string
	// TLS makes Run serve HTTPS and HTTP/2. It needs a certificate.
	TLS *tls.Config
	// H2C makes Run and Serve accept HTTP/2 without TLS as well, from a proxy
	// that supports it.
	H2C bool

	// Tracer traces requests, appends and the fan-out. Default none, at no cost.
	Tracer Tracer

	// Logger is for errors and for the server's start and end. Default
	// slog.Default().
	Logger *slog.Logger
	// Access gets the access log, in the combined format. Default none.
	Access io.Writer
	// AccessJSON has it written as JSON, an object a line, as [slog.JSONHandler] does.
	AccessJSON bool

	// Middleware wraps the handler of everything, inside of the access log and
	// the recovery. One that derives a cancellable context keeps streams off
	// the fast path: see package sse.
	Middleware func(http.Handler) http.Handler
	// ConnContext changes the context of each connection that Run and Serve
	// accept, as [http.Server.ConnContext] does.
	ConnContext func(ctx context.Context, conn net.Conn) context.Context
}
