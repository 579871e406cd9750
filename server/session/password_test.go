package session_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/session"
)

func TestPasswordIsCheckedAgainstItsHash(t *testing.T) {
	stored, err := session.HashPassword(t.Context(), "correct horse")
	if err != nil || !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q, %v", stored, err)
	}
	if again, _ := session.HashPassword(t.Context(), "correct horse"); again == stored {
		t.Error("two hashes of a password have one salt")
	}
	for what, c := range map[string]struct {
		stored, password string
		want             bool
	}{
		"the password":            {stored, "correct horse", true},
		"another":                 {stored, "correct mouse", false},
		"an empty one":            {stored, "", false},
		"a user who is not known": {"", "correct horse", false},
		"a text that is none":     {stored[:len(stored)-5], "correct horse", false},
		"other parameters":        {strings.Replace(stored, "t=2", "t=1", 1), "correct horse", false},
		"too long a password":     {stored, strings.Repeat("x", 1<<20), false},
	} {
		if got, err := session.CheckPassword(t.Context(), c.stored, c.password); got != c.want || err != nil {
			t.Errorf("%s: %v, %v", what, got, err)
		}
	}
	for _, password := range []string{"", strings.Repeat("x", 1025)} {
		if _, err := session.HashPassword(t.Context(), password); err == nil {
			t.Errorf("a password of %d bytes is taken", len(password))
		}
	}
}

func TestPasswordWaitsNoLongerThanItsContext(t *testing.T) {
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := session.CheckPassword(over, "", "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that has ended: %v", err)
	}
}
