package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/seawaykit/seaway/e2e/bench/process"
)

const (
	tlsStreams = 1000
	perConn    = 100 // streams, over HTTP/2
)

// secure measures the memory of streams over the server's own TLS.
func (b *bench) secure(ctx context.Context) ([]figure, error) {
	dir, err := os.MkdirTemp("", "seaway-bench-")
	if err != nil {
		return nil, fmt.Errorf("a directory for the certificate: %w", err)
	}
	defer os.RemoveAll(dir)
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if err := writeCertificate(cert, key); err != nil {
		return nil, err
	}
	var m medians
	for _, http2 := range []bool{false, true} {
		args := append(process.NoLimits(b.programs.seaway), "-tls-cert", cert, "-tls-key", key, "-data", filepath.Join(dir, fmt.Sprint("data", http2)))
		server, err := process.Start(b.programs.seaway, args...)
		if err != nil {
			return nil, err
		}
		err = measureSecure(ctx, server, http2, &m)
		server.Stop()
		if err != nil {
			return nil, err
		}
	}
	return m.figures(), nil
}

func measureSecure(ctx context.Context, server *process.Process, http2 bool, m *medians) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	name, transports := "Seaway, HTTP/1.1", 1
	if http2 {
		name, transports = "Seaway, HTTP/2, 100 streams a connection", tlsStreams/perConn
	}
	clients := make([]*http.Client, transports)
	for i := range clients {
		clients[i] = secureClient(http2)
		defer clients[i].CloseIdleConnections()
		if err := openSecure(ctx, clients[i], server.Addr); err != nil { // it waits for the log
			return err
		}
	}
	before, err := server.Usage()
	if err != nil {
		return err
	}
	for i := len(clients); i < tlsStreams; i++ {
		if err := openSecure(ctx, clients[i%len(clients)], server.Addr); err != nil {
			return err
		}
	}
	pause(ctx, settledAfter)
	after, err := server.Usage()
	if err != nil {
		return err
	}
	m.add(name, "KiB a stream", float64(after.RSS-before.RSS)/1024/tlsStreams)
	return nil
}

// secureClient returns one that trusts any server, with connections of its own.
func secureClient(http2 bool) *http.Client {
	var protocols http.Protocols
	protocols.SetHTTP1(!http2)
	protocols.SetHTTP2(http2)
	return &http.Client{Transport: &http.Transport{Protocols: &protocols, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
}

// openSecure opens a stream that lasts until ctx ends, and reads its first frame.
func openSecure(ctx context.Context, client *http.Client, addr string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+addr+"/events?topic=room.r0", nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	_, err = bufio.NewReaderSize(response.Body, 16).ReadString('\n')
	return err
}

// writeCertificate writes a certificate that is good for an hour, and its key.
func writeCertificate(certFile, keyFile string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o600); err != nil {
		return err
	}
	return os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600)
}
