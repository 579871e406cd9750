package sse

import (
	"testing"
	"time"
)

func TestPollBodyEndsWhenItIsFullOrNothingMoreComes(t *testing.T) {
	a := &pollBody{limit: 10, wait: time.Hour}
	if a.control([]byte("hello")); a.interval() != time.Hour {
		t.Error("it does not wait for the first event")
	}
	if n, err := a.events([][]byte{[]byte("too large"), []byte("next")}); n != 1 || err != errEnough || a.interval() != 0 {
		t.Errorf("%d events, %v, and it waits for %v: want the first, however large, and no more", n, err, a.interval())
	}
	if err := a.control([]byte(" bye")); err != nil || string(a.body) != "hellotoo large bye" {
		t.Errorf("%q, %v: want the control frame, full or not", a.body, err)
	}
	a = &pollBody{limit: 10, wait: time.Hour}
	a.control([]byte("hello"))
	if err := a.idle([]byte("quiet")); err != errEnough || string(a.body) != "helloquiet" {
		t.Errorf("%q, %v: want the heartbeat and an end", a.body, err)
	}
	a = &pollBody{limit: 10, wait: time.Hour}
	a.control([]byte("hello"))
	if a.control([]byte("reset")); a.interval() != 0 {
		t.Error("it waits although a reset has come")
	}
}
