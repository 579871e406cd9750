//go:build !js

package command

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/seawaykit/seaway/shared/fault"
)

// Origins checks whether a request that changes something comes from a page of the
// server's own origin or of a trusted one. Requests that no browser's page has
// made are allowed; see [http.CrossOriginProtection]. A [Mux] has its own; a
// handler of other requests that change something makes one with [NewOrigins].
type Origins struct {
	protection *http.CrossOriginProtection
	logger     *slog.Logger
	refused    fault.Warning
}

// NewOrigins returns Origins that trust the given ones besides the server's own.
// It refuses one that is not scheme://host[:port]. Refusals are logged at most
// every 10 s; a nil logger stands for slog.Default().
func NewOrigins(trusted []string, logger *slog.Logger) (*Origins, error) {
	if logger == nil {
		logger = slog.Default()
	}
	o := &Origins{protection: http.NewCrossOriginProtection(), logger: logger}
	for _, origin := range trusted {
		if strings.Contains(origin, "*") {
			return nil, fmt.Errorf("trusted origin %q: name each origin, since a wildcard would trust pages of anyone", origin)
		}
		if err := o.protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("trusted origin: %w", err)
		}
	}
	return o, nil
}

// Check returns why a request is refused for its origin, or nil. The message is
// for operators: a proxy that does not pass on the host makes every page be
// refused, and nothing else shows why.
func (o *Origins) Check(r *http.Request) *fault.Error {
	if o.protection.Check(r) == nil {
		return nil
	}
	e := fault.New(fault.Forbidden, "%s", reason(r))
	o.refused.Log(o.logger, "a request was refused for its origin", "path", fmt.Sprintf("%.100s", r.URL.Path), "reason", e.Message)
	return e
}

// reason names both hosts, quoted and cut to length, since the client chooses
// them.
func reason(r *http.Request) string {
	const trust = "trust the origin (-origins, or TrustedOrigins)"
	origin, host := r.Header.Get("Origin"), r.Host
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return fmt.Sprintf("the page is of %.100q, and its browser calls that %.20q for this server, which was asked as %.100q: %s",
			origin, site, host, trust)
	}
	return fmt.Sprintf("the page is of %.100q, and this server was asked as %.100q: let the proxy pass on the Host header, or %s", origin, host, trust)
}
