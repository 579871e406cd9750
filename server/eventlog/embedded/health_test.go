package embedded

import (
	"errors"
	"testing"
)

func TestUnhealthyServerIsConfirmed(t *testing.T) {
	calls := 0
	busy := func() error {
		if calls++; calls < healthTries {
			return errors.New("startup did not complete")
		}
		return nil
	}
	if err := confirmed(busy); err != nil || calls != healthTries {
		t.Errorf("a busy machine: %v after %d checks", err, calls)
	}
	failed := errors.New("write error")
	if err := confirmed(func() error { return failed }); err != failed {
		t.Errorf("a write error: %v", err)
	}
}
