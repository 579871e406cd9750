package main

import (
	"fmt"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"
)

// newAccounts returns the nodes' configuration of whom to trust, and the credentials of
// the one user: of an account of its own, with streams, beside that of the system.
func newAccounts() (config, creds []byte, err error) {
	operator, err := nkeys.CreateOperator()
	if err != nil {
		return nil, nil, err
	}
	system, err := newAccount("SYS", operator, false)
	if err != nil {
		return nil, nil, err
	}
	seaway, err := newAccount("SEAWAY", operator, true)
	if err != nil {
		return nil, nil, err
	}
	own, err := operator.PublicKey()
	if err != nil {
		return nil, nil, err
	}
	content := jwt.NewOperatorClaims(own)
	content.Name, content.SystemAccount = "seaway", system.public
	token, err := content.Encode(operator)
	if err != nil {
		return nil, nil, err
	}
	config = fmt.Appendf(nil, "operator: %s\nsystem_account: %s\nresolver: MEMORY\nresolver_preload: {\n\t%s: %s\n\t%s: %s\n}\n",
		token, system.public, system.public, system.token, seaway.public, seaway.token)
	creds, err = seaway.user("seaway")
	return config, creds, err
}

// An account is one that the operator has signed.
type account struct {
	key           nkeys.KeyPair
	public, token string
}

func newAccount(name string, operator nkeys.KeyPair, streams bool) (a account, err error) {
	if a.key, err = nkeys.CreateAccount(); err != nil {
		return a, err
	}
	if a.public, err = a.key.PublicKey(); err != nil {
		return a, err
	}
	content := jwt.NewAccountClaims(a.public)
	content.Name = name
	if streams {
		content.Limits.JetStreamLimits = jwt.JetStreamLimits{
			MemoryStorage: jwt.NoLimit, DiskStorage: jwt.NoLimit, Streams: jwt.NoLimit, Consumer: jwt.NoLimit,
		}
	}
	a.token, err = content.Encode(operator)
	return a, err
}

// user returns the credentials of a new user of the account.
func (a account) user(name string) ([]byte, error) {
	key, err := nkeys.CreateUser()
	if err != nil {
		return nil, err
	}
	public, err := key.PublicKey()
	if err != nil {
		return nil, err
	}
	content := jwt.NewUserClaims(public)
	content.Name = name
	token, err := content.Encode(a.key)
	if err != nil {
		return nil, err
	}
	seed, err := key.Seed()
	if err != nil {
		return nil, err
	}
	return jwt.FormatUserConfig(token, seed)
}
