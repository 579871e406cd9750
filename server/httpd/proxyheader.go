package httpd

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// A proxyHeader is what a proxy says of a connection that it has opened.
type proxyHeader struct {
	client *net.TCPAddr // nil: the proxy speaks for itself, as for a health check
	secure bool         // its client speaks TLS with it
}

var errProxyHeader = errors.New("httpd: the connection does not begin with a header of the PROXY protocol")

const (
	// signatureV2 begins a header of version 2; its length is that of the shortest
	// piece that both versions have.
	signatureV2 = "\r\n\r\n\x00\r\nQUIT\n"
	maxHeaderV1 = 107     // with its line end
	maxHeaderV2 = 4 << 10 // after its 16 first bytes: addresses, and what proxies add
)

// readProxyHeader reads a header of version 1 or 2 of HAProxy's PROXY protocol, and not a
// byte more: what follows is the client's.
func readProxyHeader(r io.Reader) (proxyHeader, error) {
	begin := make([]byte, len(signatureV2), maxHeaderV1)
	if _, err := io.ReadFull(r, begin); err != nil {
		return proxyHeader{}, err
	}
	switch {
	case string(begin) == signatureV2:
		return readHeaderV2(r)
	case bytes.HasPrefix(begin, []byte("PROXY ")):
		return readHeaderV1(r, begin)
	}
	return proxyHeader{}, errProxyHeader
}

// readHeaderV1 reads the rest of a line as "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443".
func readHeaderV1(r io.Reader, line []byte) (h proxyHeader, err error) {
	for one := make([]byte, 1); !bytes.HasSuffix(line, []byte("\r\n")); line = append(line, one...) {
		if len(line) == maxHeaderV1 {
			return h, errProxyHeader
		}
		if _, err := io.ReadFull(r, one); err != nil {
			return h, err
		}
	}
	fields := strings.Split(strings.TrimSuffix(string(line), "\r\n"), " ")
	if fields[1] == "UNKNOWN" {
		return h, nil
	}
	if len(fields) != 6 || fields[1] != "TCP4" && fields[1] != "TCP6" {
		return h, errProxyHeader
	}
	addr, err := netip.ParseAddr(fields[2])
	if err != nil || addr.Is4() != (fields[1] == "TCP4") || addr.Zone() != "" {
		return h, errProxyHeader
	}
	port, err := strconv.ParseUint(fields[4], 10, 16)
	if err != nil {
		return h, errProxyHeader
	}
	h.client = net.TCPAddrFromAddrPort(netip.AddrPortFrom(addr, uint16(port)))
	return h, nil
}

// What a header of version 2 says.
const (
	version2 = 2
	local    = 0 // the proxy speaks for itself
	proxied  = 1
	tcp4     = 0x11
	tcp6     = 0x21
	tlvTLS   = 0x20
	hasTLS   = 0x01 // of the first byte of tlvTLS
)

// readHeaderV2 reads what follows the signature: version and command, the kind of
// addresses, the length of the rest, addresses and ports, and further fields.
func readHeaderV2(r io.Reader) (h proxyHeader, err error) {
	var fixed [4]byte
	if _, err := io.ReadFull(r, fixed[:]); err != nil {
		return h, err
	}
	size := int(binary.BigEndian.Uint16(fixed[2:]))
	version, command, kind := fixed[0]>>4, fixed[0]&0xf, fixed[1]
	if version != version2 || command > proxied || size > maxHeaderV2 {
		return h, errProxyHeader
	}
	rest := make([]byte, size)
	if _, err := io.ReadFull(r, rest); err != nil {
		return h, err
	}
	width, known := map[byte]int{tcp4: 4, tcp6: 16}[kind]
	if command == local || !known {
		return h, nil // of a kind that has no address here, as a socket of files
	}
	if size < 2*width+4 {
		return h, errProxyHeader
	}
	addr, _ := netip.AddrFromSlice(rest[:width])
	port := binary.BigEndian.Uint16(rest[2*width:])
	h.client = net.TCPAddrFromAddrPort(netip.AddrPortFrom(addr.Unmap(), port))
	h.secure, err = secureByFields(rest[2*width+4:])
	return h, err
}

// secureByFields reads fields of a type, a length and a value each.
func secureByFields(fields []byte) (secure bool, err error) {
	for len(fields) > 0 {
		if len(fields) < 3 {
			return false, errProxyHeader
		}
		size := int(binary.BigEndian.Uint16(fields[1:]))
		if len(fields) < 3+size {
			return false, errProxyHeader
		}
		if fields[0] == tlvTLS && size > 0 {
			secure = fields[3]&hasTLS != 0
		}
		fields = fields[3+size:]
	}
	return secure, nil
}
