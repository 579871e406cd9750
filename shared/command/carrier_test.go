package command_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
)

// A ferry is a carrier that fails for the first calls.
type ferry struct {
	waits   int
	status  int
	reply   string
	err     error
	carried []string
}

func (f *ferry) Carry(_ context.Context, command, key string, body []byte) (status int, reply []byte, err error) {
	f.carried = append(f.carried, fmt.Sprint(command, " ", key, " ", string(body)))
	if len(f.carried) <= f.waits {
		return 0, nil, errors.New("no boat")
	}
	return f.status, []byte(f.reply), f.err
}

// While the carrier cannot, a call waits and tries again under the same key.
func TestCallUsesItsCarrierUntilItIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &ferry{waits: 3, status: 200, reply: `{"sum":3}`}
		got, err := command.Call(t.Context(), add, addRequest{A: 1, B: 2}, command.Via(f), command.WithIdempotencyKey("mine"))
		if err != nil || got.Sum != 3 {
			t.Errorf("got %+v, %v", got, err)
		}
		if want := slices.Repeat([]string{`test.add mine {"a":1,"b":2}`}, 4); !slices.Equal(f.carried, want) {
			t.Errorf("carried %q, want %q", f.carried, want)
		}
	})
}

func TestRefusalComesByTheCarrierToo(t *testing.T) {
	for name, f := range map[string]*ferry{
		"the server's":  {status: 400, reply: `{"error":{"code":"invalid","message":"too small","field":"a"}}`},
		"the carrier's": {err: fault.Field("a", "too small")},
	} {
		_, err := command.Call(t.Context(), add, addRequest{}, command.Via(f))
		var refused *fault.Error
		if !errors.As(err, &refused) || *refused != *fault.Field("a", "too small") || len(f.carried) != 1 {
			t.Errorf("%s: got %v after %d tries", name, err, len(f.carried))
		}
	}
}
