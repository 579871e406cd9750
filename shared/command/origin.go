//go:build !js

package command

import (
	"fmt"
	"log/slog"
	"net/http"

	"github.com/seawaykit/seaway/shared/fault"
)

// Origins decide whose pages may change something: those of the server's own
// origin and of the trusted ones. Requests that no browser's page has made are let
// pass; see [http.CrossOriginProtection]. A [Mux] has its own; a handler of other
// requests that change something makes one with [NewOrigins].
type Origins struct {
	protection *http.CrossOriginProtection
	logger     *slog.Logger
	refused    fault.Warning
}

// NewOrigins returns Origins that trust those given besides the server's own. It
// refuses one that is not scheme://host[:port]. The logger is told of refusals, at
// most every 10 s; nil stands for slog.Default().
func NewOrigins(trusted []string, logger *slog.Logger) (*Origins, error) {
	if logger == nil {
		logger = slog.Default()
	}
	o := &Origins{protection: http.NewCrossOriginProtection(), logger: logger}
	for _, origin := range trusted {
		if err := o.protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("trusted origin: %w", err)
		}
	}
	return o, nil
}

// Check returns why a request is refused for its origin, nil if it is not. The
// words are for whoever runs the server: a proxy that does not pass on the host
// refuses every page, and nothing else shows why.
func (o *Origins) Check(r *http.Request) *fault.Error {
	if o.protection.Check(r) == nil {
		return nil
	}
	e := fault.New(fault.Forbidden, "%s", reason(r))
	o.refused.Log(o.logger, "a request was refused for its origin", "path", fmt.Sprintf("%.100s", r.URL.Path), "reason", e.Message)
	return e
}

// reason names both hosts, quoted and cut: they are the client's to choose.
func reason(r *http.Request) string {
	const trust = "trust the origin (-origins, or TrustedOrigins)"
	origin, host := r.Header.Get("Origin"), r.Host
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return fmt.Sprintf("the page is of %.100q, and its browser calls that %.20q for this server, which was asked as %.100q: %s",
			origin, site, host, trust)
	}
	return fmt.Sprintf("the page is of %.100q, and this server was asked as %.100q: let the proxy pass on the Host header, or %s", origin, host, trust)
}
