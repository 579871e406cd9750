package httpd

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
)

// Proxies are the networks of the proxies in front of a server, whose word about a
// request's client is believed: the client's address, its scheme and the host that it has
// asked for. The zero value believes no proxy.
//
// A proxy says so by X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host, or, where
// none of these is there, by Forwarded (RFC 7239). It must set those that it means, and
// remove the others, which its client may have sent: of several values the last one, which
// is the nearest proxy's, counts for scheme and host, and for the address the last one
// that is no trusted proxy's own. Proxies that pass on bytes say it at the beginning of a
// connection: see [Proxies.Listen].
type Proxies struct {
	networks []netip.Prefix
	logger   *slog.Logger
	warned   sync.Once
}

// NewProxies returns the Proxies of networks as 10.0.0.0/8, or of single addresses. A nil
// logger stands for slog.Default(). It gets one line when a request comes by a proxy of
// this machine or of a private network that is not among them.
func NewProxies(networks []string, logger *slog.Logger) (*Proxies, error) {
	if logger == nil {
		logger = slog.Default()
	}
	p := &Proxies{logger: logger}
	for _, text := range networks {
		network, err := parseNetwork(text)
		if err != nil {
			return nil, fmt.Errorf("trusted proxy %q: it is no network such as 10.0.0.0/8", text)
		}
		p.networks = append(p.networks, network)
	}
	return p, nil
}

func parseNetwork(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil {
		addr = addr.Unmap().WithZone("")
		return addr.Prefix(addr.BitLen())
	}
	network, err := netip.ParsePrefix(text)
	return network.Masked(), err
}

// Handler returns a handler that calls h with what the proxies say: r.RemoteAddr is the
// client's address, r.Host the host that the client has asked for, and [Secure] reports the
// client's scheme. It keeps streams on the fast path.
func (p *Proxies) Handler(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, ok := addressOf(r.RemoteAddr)
		switch {
		case !isForwarded(r.Header):
		case ok && p.trusts(from):
			r = p.forwarded(r, from)
		case ok && isNear(from):
			p.warn(r)
			o := originOf(r)
			o.shared = true
			r = withOrigin(r, o)
		}
		h.ServeHTTP(w, r)
	})
}

func (p *Proxies) trusts(addr netip.Addr) bool {
	for _, network := range p.networks {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}

// isNear reports whether an address is one that no client on the internet has.
func isNear(addr netip.Addr) bool {
	return addr.IsLoopback() || addr.IsPrivate() || addr.IsLinkLocalUnicast()
}

// warn says that there is a proxy whose word is not believed, once: all that such a
// server does by address is wrong, and nothing else shows it.
func (p *Proxies) warn(r *http.Request) {
	p.warned.Do(func() {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		p.logger.Warn("requests come by a proxy that is not trusted: client addresses, HTTPS and the host are not known, and no limit by address applies to it. Name it by -trust-proxy",
			"proxy", host, "forwarded_for", fmt.Sprintf("%.100q", r.Header.Get("X-Forwarded-For")))
	})
}

// forwarded returns the request as its client has made it.
func (p *Proxies) forwarded(r *http.Request, from netip.Addr) *http.Request {
	hops := hopsOf(r.Header)
	client := from
	for i := len(hops) - 1; i >= 0; i-- {
		addr, ok := addressOf(hops[i].client)
		if !ok {
			break // a proxy that does not know or does not tell: the one after it is as far as it goes
		}
		if client = addr; !p.trusts(addr) {
			break
		}
	}
	o := originOf(r)
	nearest := hops[len(hops)-1]
	if nearest.proto != "" {
		o.secure, o.stated = strings.EqualFold(nearest.proto, "https"), true
	}
	r = withOrigin(r, o)
	r.RemoteAddr = net.JoinHostPort(client.String(), "0")
	if isHost(nearest.host) {
		r.Host = nearest.host
	}
	return r
}

// addressOf parses an address with or without a port.
func addressOf(text string) (netip.Addr, bool) {
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return addr.Unmap().WithZone(""), err == nil
}
