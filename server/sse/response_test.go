package sse

import (
	"errors"
	"net/http/httptest"
	"testing"
	"time"
)

// A deadlined is a response that notes its deadline.
type deadlined struct {
	*httptest.ResponseRecorder
	deadline time.Time
	onSet    func()
}

func (d *deadlined) SetWriteDeadline(t time.Time) error {
	d.deadline = t
	if d.onSet != nil {
		d.onSet()
	}
	return nil
}

func TestResponseThatIsCutNeverBlocksAgain(t *testing.T) {
	for _, tc := range []struct {
		name  string
		cutAt int // before which setting of the deadline
	}{{"before a write", 0}, {"while its deadline is set", 1}, {"while it is cleared", 2}} {
		d := &deadlined{ResponseRecorder: httptest.NewRecorder()}
		o := newResponse(d, time.Minute)
		set := 0
		d.onSet = func() {
			if set++; set == tc.cutAt {
				o.isCut.Store(true) // cut's own deadline may have come before this one
			}
		}
		if tc.cutAt == 0 {
			o.Cut()
		}
		if err := o.Write([]byte("x")); !errors.Is(err, errCut) {
			t.Errorf("%s: %v", tc.name, err)
		}
		if !d.deadline.Equal(past) {
			t.Errorf("%s: its deadline is %v", tc.name, d.deadline)
		}
	}
}
