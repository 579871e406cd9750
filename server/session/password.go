package session

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost of a password, as OWASP recommends it for argon2id: 19 MiB and 2 passes, about
// 20 ms of a processor.
const (
	passwordMemory = 19 << 10 // KiB
	passwordTime   = 2
	passwordSalt   = 16
	passwordHash   = 32

	// maxPassword bounds what is hashed, in bytes.
	maxPassword = 1024
)

// hashing bounds the memory of the passwords that are checked at a time to 80 MiB,
// however many clients send some.
var hashing = make(chan struct{}, 4)

var errPasswordSize = errors.New("session: the password is empty or longer than 1,024 bytes")

// HashPassword returns a text to store for a user's password: a hash by argon2id with a
// random salt and its parameters. ctx bounds the wait for others that are being hashed.
func HashPassword(ctx context.Context, password string) (string, error) {
	if password == "" || len(password) > maxPassword {
		return "", errPasswordSize
	}
	salt := make([]byte, passwordSalt)
	_, _ = rand.Read(salt) // it does not fail
	hash, err := derive(ctx, password, salt)
	if err != nil {
		return "", err
	}
	return passwordPrefix + encode(salt) + "$" + encode(hash), nil
}

// passwordPrefix names algorithm and parameters, in the usual form.
var passwordPrefix = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$", argon2.Version, passwordMemory, passwordTime)

// CheckPassword reports whether a password is the one of a text of [HashPassword]. Call it
// with an empty text for a user that is not known: it takes the same time, so that
// nothing shows which users there are. The error is ctx's.
func CheckPassword(ctx context.Context, stored, password string) (bool, error) {
	rest, known := strings.CutPrefix(stored, passwordPrefix)
	salt, hash, _ := strings.Cut(rest, "$")
	wantSalt, saltErr := base64.RawStdEncoding.DecodeString(salt)
	want, hashErr := base64.RawStdEncoding.DecodeString(hash)
	known = known && saltErr == nil && hashErr == nil && len(want) == passwordHash
	got, err := derive(ctx, password[:min(len(password), maxPassword+1)], wantSalt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known && len(password) <= maxPassword, nil
}

// derive waits for its turn.
func derive(ctx context.Context, password string, salt []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case hashing <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, passwordTime, passwordMemory, 1, passwordHash), nil
}

func encode(b []byte) string { return base64.RawStdEncoding.EncodeToString(b) }
