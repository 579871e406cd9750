package reactor

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestConnWritesWhatItBeginsWithThenWhatItsSourceHas(t *testing.T) {
	g := newRig(t, defaults)
	g.s.pending = []string{"1\n", "2\n"}
	g.start()
	g.s.pending = []string{"3\n"}
	g.s.conn.Wake()
	g.pass(g.now)
	g.s.conn.Finish([]byte("end\n"))
	if got, want := g.text(), "begin\n1\n2\n3\nend\n"; got != want || g.s.err != nil || g.s.closed != 1 {
		t.Errorf("the client has %q, want %q; closed %d times by %v", got, want, g.s.closed, g.s.err)
	}
}

// The rows of the table in conn.go, by what happens before Start.
func TestConnThatHasNotBegunMayBeWokenFinishedOrClosed(t *testing.T) {
	for _, tc := range []struct {
		name string
		do   func(*script)
		text string
		err  error
	}{
		{"woken", func(s *script) { s.conn.Wake(); s.pending = []string{"1\n"} }, "begin\n1\n", errGone},
		{"finished", func(s *script) { s.conn.Finish([]byte("end\n")) }, "begin\nend\n", nil},
		{"closed", func(s *script) { s.conn.Close() }, "", errGone},
	} {
		g := newRig(t, defaults)
		tc.do(g.s)
		g.pass(time.Second)
		g.start()
		g.s.conn.Close()
		g.pass(g.now)
		if got := g.text(); got != tc.text || g.s.closed != 1 || g.s.err != tc.err {
			t.Errorf("%s: the client has %q, want %q; closed %d times by %v", tc.name, got, tc.text, g.s.closed, g.s.err)
		}
	}
}

func TestConnKeepsWhatDoesNotFitAndAsksForMoreWhenItIsWritten(t *testing.T) {
	g := newRig(t, defaults).start()
	const size = 16 << 20
	var want strings.Builder
	want.WriteString("begin\n")
	for i := range 3 {
		p := strings.Repeat(string(rune('a'+i)), size)
		g.s.pending = append(g.s.pending, p)
		want.WriteString(p)
	}
	g.s.conn.Wake()
	g.pass(g.now)
	if g.s.conn.state != blocked || len(g.s.pending) == 0 {
		t.Fatalf("state %d with %d pending after 48 MiB that are not taken", g.s.conn.state, len(g.s.pending))
	}
	g.s.conn.Finish([]byte("end\n")) // behind what is kept, not behind what is pending
	got := make(chan string, 1)
	go func() {
		all, _ := io.ReadAll(g.client)
		got <- string(all)
	}()
	for g.s.closed == 0 {
		g.s.conn.Wake() // as the kernel's news would
		g.pass(g.now)
	}
	taken := 3 - len(g.s.pending)
	if text := <-got; text != want.String()[:len("begin\n")+taken*size]+"end\n" || g.s.err != nil {
		t.Errorf("the client has %d bytes; closed by %v", len(text), g.s.err)
	}
	if s := g.r.Stats(); s.Blocked != 0 || s.Open != 0 || s.Bytes != uint64(len("begin\nend\n")+taken*size) {
		t.Errorf("figures %+v", s)
	}
}

func TestConnReceivesWhatIsPostedEvenAfterItsEnd(t *testing.T) {
	g := newRig(t, defaults)
	g.s.conn.Post(1)
	g.start()
	g.s.conn.Post(2)
	g.s.conn.Close()
	g.s.conn.Post(3)
	g.pass(g.now)
	if !slices.Equal(g.s.received, []any{1, 2, 3}) || g.s.closed != 1 {
		t.Errorf("received %v, closed %d times", g.s.received, g.s.closed)
	}
}

func TestConnIsClosedWithItsContext(t *testing.T) {
	g := newRig(t, defaults)
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // before it begins: the end must not be missed
	g.s.conn.Start(ctx)
	for g.s.closed == 0 { // the context's end comes from a goroutine
		g.pass(time.Second)
	}
	if g.s.err != errGone {
		t.Errorf("closed by %v", g.s.err)
	}
	other := newRig(t, defaults).start()
	why := errors.New("on purpose")
	other.s.conn.Abort(why)
	other.s.conn.Abort(errGone)
	if other.s.err != why || other.s.closed != 1 {
		t.Errorf("closed %d times by %v", other.s.closed, other.s.err)
	}
}

// A connection with more to write than one batch waits for the others.
func TestConnThatCallsAgainHasItsTurnInTheNextPass(t *testing.T) {
	g := newRig(t, defaults).start()
	g.s.conn.Again()
	g.s.pending = []string{"1\n"}
	if g.pass(g.now); len(g.s.pending) > 0 {
		t.Error("it had no turn")
	}
	g.s.pending = []string{"2\n"}
	if g.pass(g.now); len(g.s.pending) == 0 {
		t.Error("it had a turn for nothing")
	}
}
