package ops

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// stranger returns why a request is refused, or "": the page is for people of this machine
// and for those who were given its address, and not for pages of other sites that their
// browsers have open. A site's owner can have the site's own name lead to this address, and
// so its pages could read from it what the browser can reach: but then the name is in Host.
// An address is not, as no name leads to it.
func stranger(r *http.Request) string {
	if !isAddress(r.Host) {
		return "this page is served for localhost and for addresses, not for the host that you have asked for"
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return ""
	}
	return "another site has asked for this page: open it by its address"
}

// isAddress reports whether a request's host is localhost, or an address.
func isAddress(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil || host == "localhost" || strings.HasSuffix(host, ".localhost")
}
