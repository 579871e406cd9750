package live

import (
	"errors"
	"testing"

	"github.com/seawaykit/seaway/shared/fault"
)

func TestMessageIsWhatTheServerRefusedWith(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{fault.Field("text", "the note is empty"), "the note is empty"},
		{errors.New("pq: password of user postgres is wrong"), "something went wrong"},
	} {
		if got := Message(c.err); got != c.want {
			t.Errorf("the message of %v is %q, want %q", c.err, got, c.want)
		}
	}
}
