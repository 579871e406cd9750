package live

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"github.com/gorilla/handlers"
)

// logger returns the logger of a program, in the format of the flags.
func (f flags) logger(to io.Writer) *slog.Logger {
	if f.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(to, nil))
	}
	return slog.New(slog.NewTextHandler(to, nil))
}

// accessLog logs each request when its response has ended, a stream's when it begins. What
// a query holds is left out but for the parameters of the kit: any other may be a token, by
// which a reader of the log could act as the user. So is the user of an address in absolute
// form, which the combined format would have as it came, with its line breaks.
func (s *Server) accessLog(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := *r
		seen.RequestURI = withoutValues(r.RequestURI)
		if r.URL.User != nil {
			bare := *r.URL
			bare.User, seen.URL = nil, &bare
		}
		if referer := r.Referer(); strings.ContainsAny(referer, "?@") {
			seen.Header = r.Header.Clone()
			seen.Header.Set("Referer", withoutValues(referer))
		}
		asItCame := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { h.ServeHTTP(w, r) })
		s.logged(asItCame).ServeHTTP(w, &seen)
	})
}

// logged logs each request as it is.
func (s *Server) logged(h http.Handler) http.Handler {
	if !s.opts.AccessJSON {
		return handlers.CombinedLoggingHandler(s.opts.Access, h)
	}
	logger := slog.New(slog.NewJSONHandler(s.opts.Access, nil))
	return handlers.CustomLoggingHandler(io.Discard, h, func(_ io.Writer, p handlers.LogFormatterParams) {
		logger.LogAttrs(context.Background(), slog.LevelInfo, "request", requestAttrs(p)...)
	})
}

// requestAttrs are what the combined format has.
func requestAttrs(p handlers.LogFormatterParams) []slog.Attr {
	client, _, err := net.SplitHostPort(p.Request.RemoteAddr)
	if err != nil {
		client = p.Request.RemoteAddr
	}
	attrs := []slog.Attr{
		slog.String("client", client), slog.String("method", p.Request.Method), slog.String("uri", p.Request.RequestURI),
		slog.String("proto", p.Request.Proto), slog.Int("status", p.StatusCode), slog.Int("bytes", p.Size), slog.Time("began", p.TimeStamp),
	}
	for name, value := range map[string]string{"referer": p.Request.Referer(), "agent": p.Request.UserAgent()} {
		if value != "" {
			attrs = append(attrs, slog.String(name, value))
		}
	}
	return attrs
}
