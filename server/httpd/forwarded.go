package httpd

import (
	"net/http"
	"strings"
)

// The headers by which proxies say from whom a request is.
const (
	forwardedHeader = "Forwarded"
	forHeader       = "X-Forwarded-For"
	protoHeader     = "X-Forwarded-Proto"
	hostHeader      = "X-Forwarded-Host"
)

func isForwarded(h http.Header) bool {
	return h[forHeader] != nil || h[protoHeader] != nil || h[hostHeader] != nil || h[forwardedHeader] != nil
}

// A hop is what one proxy says of the request that it has got.
type hop struct{ client, proto, host string }

// hopsOf returns what the proxies say, the nearest one last; there is at least one hop. A
// proxy that sets one kind of header passes on the other as its client has sent it. So only
// one kind is read: the common one if it is there.
func hopsOf(h http.Header) []hop {
	if h[forHeader] == nil && h[protoHeader] == nil && h[hostHeader] == nil {
		return parseForwarded(listOf(h, forwardedHeader))
	}
	hops := []hop{}
	for _, client := range listOf(h, forHeader) {
		hops = append(hops, hop{client: client})
	}
	if len(hops) == 0 {
		hops = []hop{{}}
	}
	nearest := &hops[len(hops)-1]
	nearest.proto, nearest.host = last(listOf(h, protoHeader)), last(listOf(h, hostHeader))
	return hops
}

// parseForwarded parses the elements of RFC 7239. What is malformed is empty.
func parseForwarded(elements []string) []hop {
	hops := []hop{}
	for _, element := range elements {
		var p hop
		for pair := range strings.SplitSeq(element, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			value = strings.Trim(value, `"`)
			switch strings.ToLower(name) {
			case "for":
				p.client = value
			case "proto":
				p.proto = value
			case "host":
				p.host = value
			}
		}
		hops = append(hops, p)
	}
	if len(hops) == 0 {
		return []hop{{}}
	}
	return hops
}

// listOf returns the elements of a header that is a list, on however many lines.
func listOf(h http.Header, name string) (list []string) {
	for _, line := range h[name] {
		for element := range strings.SplitSeq(line, ",") {
			if element = strings.TrimSpace(element); element != "" {
				list = append(list, element)
			}
		}
	}
	return list
}

func last(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

// isHost reports whether a text can be the host of an address, with or without a port.
func isHost(text string) bool {
	if text == "" || len(text) > 255 {
		return false
	}
	for _, c := range []byte(text) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte(".-_:[]", c) >= 0:
		default:
			return false
		}
	}
	return true
}
