package httpd

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// headerOf2 returns a header of version 2 with a rest of any kind.
func headerOf2(command, kind byte, rest string) string {
	size := binary.BigEndian.AppendUint16(nil, uint16(len(rest)))
	return signatureV2 + string([]byte{version2<<4 | command, kind}) + string(size) + rest
}

const (
	fromFour = "\xcb\x00\x71\x09\x7f\x00\x00\x01\xdc\x04\x01\xbb"
	fromSix  = "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x07" + "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01" + "\xdc\x04\x01\xbb"
)

func TestProxyHeaderIsReadToItsEnd(t *testing.T) {
	for header, want := range map[string]string{
		"PROXY TCP4 203.0.113.9 127.0.0.1 56324 443\r\n":                      "203.0.113.9:56324 false",
		"PROXY TCP6 2001:db8::7 ::1 56324 443\r\n":                            "[2001:db8::7]:56324 false",
		"PROXY UNKNOWN\r\n":                                                   "<nil> false",
		"PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n":       "<nil> false",
		headerOf2(proxied, tcp4, fromFour):                                    "203.0.113.9:56324 false",
		headerOf2(proxied, tcp6, fromSix):                                     "[2001:db8::7]:56324 false",
		headerOf2(proxied, tcp4, fromFour+"\x20\x00\x05\x01\x00\x00\x00\x00"): "203.0.113.9:56324 true",
		headerOf2(proxied, tcp4, fromFour+"\x20\x00\x05\x00\x00\x00\x00\x00"): "203.0.113.9:56324 false",
		headerOf2(proxied, tcp4, fromFour+"\x01\x00\x02h2\x20\x00\x01\x01"):   "203.0.113.9:56324 true",
		headerOf2(local, 0, ""):                                               "<nil> false",
		headerOf2(local, tcp4, fromFour):                                      "<nil> false",
		headerOf2(proxied, 0x31, "a socket's name"):                           "<nil> false",
	} {
		for name, slow := range map[string]func(io.Reader) io.Reader{"at once": func(r io.Reader) io.Reader { return r }, "by bytes": iotest.OneByteReader} {
			left := strings.NewReader(header + "GET / HTTP/1.1")
			h, err := readProxyHeader(slow(left))
			got := fmt.Sprint(h.client, h.secure)
			rest, _ := io.ReadAll(left)
			if err != nil || got != want || string(rest) != "GET / HTTP/1.1" {
				t.Errorf("%q %s: %s, want %s (%v); what follows is %q", header, name, got, want, err, rest)
			}
		}
	}
}

func TestBrokenProxyHeaderIsRefused(t *testing.T) {
	for _, header := range []string{
		"", "PROXY", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "PROXY \r\n         ", "PROXY TCP4 203.0.113.9 127.0.0.1 56324 443", "PROXY TCP4 203.0.113.9\r\n",
		"PROXY TCP4 2001:db8::7 ::1 1 2\r\n", "PROXY TCP6 203.0.113.9 127.0.0.1 1 2\r\n", "PROXY TCP4 203.0.113.9 127.0.0.1 65536 2\r\n", "PROXY TCP4 203.0.113.9 127.0.0.1 -1 2\r\n",
		"PROXY TCP4 localhost 127.0.0.1 1 2\r\n", "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n", "PROXY UDP4 203.0.113.9 127.0.0.1 1 2\r\n", "PROXY TCP4  203.0.113.9 127.0.0.1 1 2\r\n",
		"PROXY UNKNOWN " + strings.Repeat("a", 120) + "\r\n",
		signatureV2, signatureV2 + "\x11\x11\x00\x00", signatureV2 + "\x22\x11\x00\x00", headerOf2(proxied, tcp4, fromFour[:11]), headerOf2(proxied, tcp6, fromFour),
		headerOf2(proxied, tcp4, fromFour+"\x20"), headerOf2(proxied, tcp4, fromFour+"\x20\x00\x05\x01"), headerOf2(proxied, tcp4, fromFour+strings.Repeat("\x04\x00\x00", 2000)),
		headerOf2(proxied, tcp4, fromFour)[:20],
	} {
		if h, err := readProxyHeader(strings.NewReader(header)); err == nil {
			t.Errorf("%.60q is taken for %v", header, h)
		}
	}
}

func FuzzProxyHeader(f *testing.F) {
	for _, seed := range []string{"PROXY TCP4 203.0.113.9 127.0.0.1 56324 443\r\n", headerOf2(proxied, tcp6, fromSix), headerOf2(proxied, tcp4, fromFour+"\x20\x00\x01\x01"), "PROXY UNKNOWN\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		left := strings.NewReader(text)
		h, err := readProxyHeader(left)
		if read := len(text) - left.Len(); read > 16+maxHeaderV2 || err == nil && read < len("PROXY UNKNOWN\r\n") {
			t.Errorf("it has read %d bytes (%v)", read, err)
		}
		if err != nil && (h.client != nil && h.secure) {
			t.Errorf("it is refused, and believed: %v", h)
		}
	})
}
