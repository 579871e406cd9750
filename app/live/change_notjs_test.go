//go:build !js

package live

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
)

// A heldCarrier carries calls when the test lets it.
type heldCarrier struct {
	caller
	calls []string
	open  chan error // an entry lets a call pass, unless it is an error
}

func (c *heldCarrier) Carry(ctx context.Context, name, key string, body []byte) (int, []byte, error) {
	c.calls = append(c.calls, name)
	if err := <-c.open; err != nil {
		return 0, nil, err
	}
	return c.caller.Carry(ctx, name, key, body)
}

// heldSeat returns a page whose calls wait.
func heldSeat(t *testing.T) (*seat, *heldCarrier) {
	t.Helper()
	s := newTableServer(t, 0)
	s.calm = true
	p := s.seat(t, "ann")
	held := &heldCarrier{caller: caller{s, "ann"}, open: make(chan error, 10)}
	p.view.call = []command.CallOption{command.Via(held)}
	t.Cleanup(func() { // no call outlives the test
		close(held.open)
		time.Sleep(2 * time.Minute)
	})
	p.run()
	p.run()
	return p, held
}

// columns are those of the page's cards.
func (p *seat) columns() (all []int) {
	for _, column := range p.v.Now().Cards {
		all = append(all, column)
	}
	slices.Sort(all)
	return all
}

func (p *seat) show(t *testing.T, when string, columns ...int) {
	t.Helper()
	if got := p.columns(); !slices.Equal(got, columns) {
		t.Errorf("%s: the cards are in %v, want %v", when, got, columns)
	}
}

func TestChangeShowsAtOnceAndBecomesTheServers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, held := heldSeat(t)
		var replies []string
		reported := 0
		p.v.OnChange(func(bool) { reported++ })
		want(p, addCard, cardRequest{Table: "red", Column: 2}, func(r cardReply, err error) { replies = append(replies, r.Card) })
		p.show(t, "at once", 2)
		if reported != 1 || len(p.v.Pending()) != 1 {
			t.Errorf("reported %d times, %d pending", reported, len(p.v.Pending()))
		}
		guessed := fmt.Sprint(p.v.Now().Cards)
		held.open <- nil
		p.run()
		if len(replies) != 1 || len(p.v.Pending()) != 1 {
			t.Errorf("answered, before the event: %q, %d pending", replies, len(p.v.Pending()))
		}
		p.show(t, "after the answer", 2)
		p.deliver(1)
		p.run()
		if got := fmt.Sprint(p.v.Now().Cards); got != guessed || len(p.v.Pending()) != 0 || p.v.Now().Count != 1 {
			t.Errorf("confirmed: %s, guessed %s, %d pending, %d events", got, guessed, len(p.v.Pending()), p.v.Now().Count)
		}
	})
}

// The event is known as the page's own before the answer is there.
func TestChangeIsNotDoneTwiceByItsEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := heldSeat(t)
		p.view.call = []command.CallOption{command.Via(deaf{caller{p.s, "ann"}})}
		want(p, addCard, cardRequest{Table: "red"}, ignored)
		p.run()
		p.deliver(1)
		p.run()
		if p.v.Now().Count != 1 || len(p.v.Pending()) != 0 {
			t.Errorf("%d events, %d pending", p.v.Now().Count, len(p.v.Pending()))
		}
	})
}

// ignored takes an outcome that a test does not look at.
func ignored(cardReply, error) {}

// deaf does what it is asked for and does not answer.
type deaf struct{ caller }

func (d deaf) Carry(ctx context.Context, name, key string, body []byte) (int, []byte, error) {
	if _, _, err := d.caller.Carry(ctx, name, key, body); err != nil {
		return 0, nil, err
	}
	return 0, nil, errLost
}

func TestRefusedChangeGoesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, held := heldSeat(t)
		held.open <- nil
		want(p, addCard, cardRequest{Table: "red", Column: 1}, ignored)
		p.run()
		p.deliver(1)
		p.run()
		var id string
		for id = range p.v.Now().Cards {
		}
		var got error
		want(p, moveCard, cardRequest{Table: "red", Card: id, Column: 3}, func(_ cardReply, err error) { got = err })
		p.show(t, "moved", 3)
		// Meanwhile somebody takes it.
		p.s.take(t, id)
		held.open <- nil
		p.run()
		p.show(t, "refused", 1)
		failed := p.v.Failed()
		if fault.CodeOf(got) != fault.NotFound || len(failed) != 1 || fault.Message(failed[0].Err()) != errNoCard.Message {
			t.Fatalf("the refusal is %v, failed are %v", got, failed)
		}
		p.deliver(1)
		p.run()
		p.show(t, "when its event has come")
		p.v.Discard(failed[0])
		if len(p.v.Failed()) != 0 {
			t.Error("a discarded change is still there")
		}
	})
}

// take takes a card as another user.
func (s *tableServer) take(t *testing.T, id string) {
	t.Helper()
	status, body, err := caller{s, "bob"}.Carry(t.Context(), takeCard.Name(), command.NewIdempotencyKey(), []byte(fmt.Sprintf(`{"Table":"red","Card":%q}`, id)))
	if err != nil || status != 200 {
		t.Fatalf("%d %s (%v)", status, body, err)
	}
}

func TestChangesAreSentInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, held := heldSeat(t)
		for column := range 3 {
			want(p, addCard, cardRequest{Table: "red", Column: column}, ignored)
		}
		p.show(t, "at once", 0, 1, 2)
		p.run()
		for sent := 1; sent <= 3; sent++ {
			if len(held.calls) != sent {
				t.Fatalf("%d calls are under way, want %d", len(held.calls), sent)
			}
			held.open <- nil
			p.run()
			p.run() // the next is under way
		}
		p.s.mu.Lock()
		defer p.s.mu.Unlock()
		for i, e := range p.s.events {
			if !strings.Contains(string(e.Data()), fmt.Sprintf(`"Column":%d`, i)) {
				t.Errorf("event %d is %s", i, e.Data())
			}
		}
	})
}

// A reload keeps what the server has not confirmed: it is sent again under its key.
func TestChangeSurvivesAReload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := heldSeat(t)
		want(p, addCard, cardRequest{Table: "red", Column: 1}, ignored)
		key := p.v.Pending()[0].Key
		kept := p.kept
		p.Close()

		again := newMounted(Options{})
		again.kept = kept
		again.user = Identity{ID: "ann"}
		p2 := &seat{mounted: again, s: p.s}
		p2.v = State(again.Page, tables, "red")
		v := again.testView()
		v.read = func(string) (int, []byte, error) { return p.s.state() }
		v.call = []command.CallOption{command.Via(caller{p.s, "ann"})}
		again.mount(v)
		t.Cleanup(again.Close)
		p2.show(t, "after the reload", 1)
		if c := p2.v.Pending(); len(c) != 1 || c[0].Key != key {
			t.Fatalf("pending are %v", c)
		}
		synctest.Wait()
		p2.connect(t)
		for range 3 {
			p2.run()
			p2.deliver(1)
		}
		if len(p2.v.Pending()) != 0 || p2.v.Now().Count != 1 {
			t.Errorf("%d pending, %d events", len(p2.v.Pending()), p2.v.Now().Count)
		}
		if again.kept["changes:table.red"] != "[]" {
			t.Errorf("kept is still %s", again.kept["changes:table.red"])
		}
	})
}

// A log forgets keys: what is too old is not sent by itself.
func TestOldChangeFailsAfterAReload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := heldSeat(t)
		want(p, addCard, cardRequest{Table: "red", Column: 1}, ignored)
		time.Sleep(time.Minute)
		again := newMounted(Options{})
		again.kept = p.kept
		v := State(again.Page, tables, "red")
		again.mountIn(t)
		if failed := v.Failed(); len(v.Pending()) != 0 || len(failed) != 1 || fault.CodeOf(failed[0].Err()) != fault.Unreachable {
			t.Errorf("pending %v, failed %v", v.Pending(), failed)
		}
		if r, ok := v.Failed()[0].Request.(cardRequest); !ok || r.Column != 1 {
			t.Errorf("its request is %+v", v.Failed()[0].Request)
		}
	})
}

// Without an answer those behind have none either: they are not sent before it.
func TestChangesBehindOneWithoutAnAnswerFailWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, held := heldSeat(t)
		answered := 0
		for column := range 3 {
			want(p, addCard, cardRequest{Table: "red", Column: column}, func(_ cardReply, err error) {
				if fault.CodeOf(err) == fault.Unreachable {
					answered++
				}
			})
		}
		p.show(t, "at once", 0, 1, 2)
		for range 100 {
			select {
			case held.open <- errLost:
			default:
			}
			time.Sleep(2 * time.Second)
		}
		p.run()
		p.run()
		failed := p.v.Failed()
		if len(failed) != 3 || len(p.v.Pending()) != 0 || answered != 3 {
			t.Fatalf("%d have failed, %d are pending, %d were answered", len(failed), len(p.v.Pending()), answered)
		}
		for i, c := range failed {
			if c.Request.(cardRequest).Column != i {
				t.Errorf("the order is %v", failed)
			}
		}
		p.show(t, "failed")
		p.v.Discard(failed...)
		if len(p.v.Failed()) != 0 {
			t.Error("some were not discarded")
		}
	})
}

func TestConfirmedStateHasNoPendingChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, held := heldSeat(t)
		want(p, addCard, cardRequest{Table: "red", Column: 1}, ignored)
		if len(p.v.Now().Cards) != 1 || len(p.v.Confirmed().Cards) != 0 {
			t.Errorf("pending: %v, confirmed %v", p.v.Now(), p.v.Confirmed())
		}
		held.open <- nil
		p.run()
		p.deliver(1)
		p.run()
		if len(p.v.Confirmed().Cards) != 1 {
			t.Errorf("in the end: %v", p.v.Confirmed())
		}
	})
}
