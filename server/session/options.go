package session

import (
	"errors"
	"time"
)

const (
	// MinKey is the size of the shortest key, in bytes.
	MinKey = 32

	defaultName   = "session"
	defaultMaxAge = 30 * 24 * time.Hour
)

// Options configure [Sessions]. Keys must be set.
type Options struct {
	// Keys sign the cookies: the first one signs, all of them verify. Each has at
	// least [MinKey] random bytes, and all nodes have the same. See [ReadKeys].
	Keys [][]byte

	// Name is the cookie's, to which a prefix is added over HTTPS. Default "session".
	Name string

	// MaxAge is for how long a user stays signed in. Default 30 days.
	MaxAge time.Duration

	// Path is the path of the cookie. Default that below which the site is, as the
	// server's public URL has it: see [httpd.Prefix]. Without one it is "/".
	Path string
}

var (
	errNoKeys   = errors.New("session: there is no key")
	errShortKey = errors.New("session: a key is shorter than 32 bytes")
	errMaxAge   = errors.New("session: MaxAge is shorter than a second")
)

func (o Options) check() error {
	if len(o.Keys) == 0 {
		return errNoKeys
	}
	for _, key := range o.Keys {
		if len(key) < MinKey {
			return errShortKey
		}
	}
	if o.MaxAge < time.Second {
		return errMaxAge
	}
	return nil
}
