package e2e_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// certificate makes one for 127.0.0.1 and returns the flags that name it.
func certificate(t *testing.T) (flags []string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, block := range map[string]*pem.Block{
		"cert": {Type: "CERTIFICATE", Bytes: cert}, "key": {Type: "PRIVATE KEY", Bytes: secret},
	} {
		file := filepath.Join(dir, name+".pem")
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		flags = append(flags, "-tls-"+name, file)
	}
	return flags
}

// Over HTTP/1.1 the seventh tab would wait for ever: a browser opens six
// connections to a host.
func TestTwelveTabsAreLiveOverHTTP2(t *testing.T) {
	t.Parallel()
	s := startServer(t, certificate(t)...)
	first := openPage(t, s)
	tabs := []*tab{first}
	for range 11 {
		b := first.openAnother()
		b.navigate(s.url + lobby)
		tabs = append(tabs, b)
	}
	for _, b := range tabs {
		b.untilLive()
	}
	protocols := eval[[]string](first, `performance.getEntriesByType("navigation").map(e => e.nextHopProtocol)`)
	if !slices.Equal(protocols, []string{"h2"}) {
		t.Errorf("the page came over %q, want h2", protocols)
	}
	first.write("ann", "to all twelve")
	for _, b := range tabs {
		b.untilShows("to all twelve")
	}
}

func TestHTTP2WithoutTLSIsAnOption(t *testing.T) {
	t.Parallel()
	var only http.Protocols
	only.SetUnencryptedHTTP2(true)
	client := &http.Client{Transport: &http.Transport{Protocols: &only}}
	defer client.CloseIdleConnections()
	get := func(s *server) (proto int, err error) {
		ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/events?topic=clock", nil)
		if err != nil {
			return 0, err
		}
		resp, err := client.Do(req)
		if err != nil {
			return 0, err
		}
		defer resp.Body.Close()
		_, err = resp.Body.Read(make([]byte, 1))
		return resp.ProtoMajor, err
	}
	if proto, err := get(startServer(t, "-h2c")); proto != 2 || err != nil {
		t.Errorf("with -h2c: HTTP/%d, %v", proto, err)
	}
	if proto, err := get(startServer(t)); err == nil {
		t.Errorf("without it: HTTP/%d", proto)
	}
}
