// Command nats makes the secrets of a NATS cluster: certificates for its nodes, and
// credentials for the programs whose log it holds.
//
//	go run ./deploy/nats -out deploy/nats/secrets -hosts n1,n2,n3
//
// It writes, for node.conf beside it: ca.pem, the authority that programs are given by
// -nats-ca; <host>.pem and <host>.key for each node; accounts.conf, which tells the
// nodes whom to trust; and seaway.creds for -nats-creds. The operator's key, with which
// more could be signed, is kept nowhere: to give access to somebody else, make all anew.
// The directory is its owner's only; what a program needs of it is readable by others, so
// that it can be mounted into a container alone. An existing directory is refused.
package main

import (
	"crypto/ecdsa"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	out := flag.String("out", "secrets", "`directory` to make")
	hosts := flag.String("hosts", "n1,n2,n3", "`names` of the nodes, as others reach them")
	also := flag.String("also", "", "other `names` and addresses of all nodes, as localhost,127.0.0.1")
	flag.Parse()
	if err := run(*out, split(*hosts), split(*also), time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, "nats:", err)
		os.Exit(1)
	}
}

func run(out string, hosts, also []string, now time.Time) error {
	if err := os.Mkdir(out, 0o700); err != nil {
		return err
	}
	a, err := newAuthority(now)
	if err != nil {
		return err
	}
	for _, host := range hosts {
		chain, key, err := a.issue(append([]string{host}, also...))
		if err == nil {
			err = writeKeyPair(filepath.Join(out, host), chain, key)
		}
		if err != nil {
			return fmt.Errorf("the certificate of %s: %w", host, err)
		}
	}
	config, creds, err := newAccounts()
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(out, "ca.pem"), encode("CERTIFICATE", a.certificate.Raw), 0o644),
		os.WriteFile(filepath.Join(out, "accounts.conf"), config, 0o644),
		os.WriteFile(filepath.Join(out, "seaway.creds"), creds, 0o644),
	)
}

func writeKeyPair(name string, chain []byte, key *ecdsa.PrivateKey) error {
	text, err := encodeKey(key)
	return errors.Join(err, os.WriteFile(name+".pem", chain, 0o644), os.WriteFile(name+".key", text, 0o600))
}

func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}
