package states

import (
	"testing"
	"time"
)

func TestArrivalsAreBoundedAndKnowTheOldest(t *testing.T) {
	begun := time.Unix(1_800_000_000, 0)
	at := func(second int) time.Time { return begun.Add(time.Duration(second) * time.Second) }
	var a arrivals
	if _, ok := a.after(0); ok {
		t.Error("nothing has come, and its time is known")
	}
	for i := range 10_000 { // number 10i+1 comes in second i
		a.note(uint64(10*i+1), at(i))
		a.note(uint64(10*i+5), at(i).Add(arrivalStep/2))
	}
	if len(a) > maxArrivals {
		t.Errorf("%d times are remembered", len(a))
	}
	if first, ok := a.after(0); !ok || !first.Equal(begun) {
		t.Errorf("the first came at %v", first)
	}
	for _, seq := range []uint64{0, 10, 4_000, 50_000, 99_995} { // never too late
		came, ok := a.after(seq)
		if exact := at(int(seq / 10)); !ok || came.After(exact) || exact.Sub(came) > 100*time.Minute {
			t.Errorf("what follows %d came at %v, and is said to have come at %v", seq, true, came)
		}
	}
	a.forget(99_990)
	if came, ok := a.after(99_990); !ok || came.After(at(9_999)) || len(a) > 2 {
		t.Errorf("after it was forgotten: %v, %v", came, a)
	}
}

func TestArrivalsAreExactToAStep(t *testing.T) {
	begun := time.Unix(1_800_000_000, 0)
	var a arrivals
	a.note(5, begun)
	a.note(8, begun.Add(arrivalStep))
	for seq, want := range map[uint64]time.Duration{0: 0, 4: 0, 5: 0, 6: 0, 7: arrivalStep, 8: arrivalStep, 100: arrivalStep} {
		if came, ok := a.after(seq); !ok || came.Sub(begun) != want {
			t.Errorf("what follows %d came after %v, want %v", seq, came.Sub(begun), want)
		}
	}
}
