package fanout

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
)

func newEvent(t testing.TB, seq uint64, topic string, opts ...event.Option) event.Event {
	t.Helper()
	d := event.Draft{Topic: topic, Type: "test.event", Data: []byte("x")}
	for _, opt := range opts {
		opt(&d)
	}
	e, err := event.New(event.NewID("e1", seq, "k"), d, time.Unix(int64(seq), 0))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The ring's queues, counts and bytes agree with a list of what should be there,
// whatever is pushed, replaced and evicted.
func TestRingHoldsTheNewestOfEachTopic(t *testing.T) {
	type held struct {
		seq   uint64
		topic string
		size  int
	}
	rnd := rand.New(rand.NewPCG(5, 6))
	r := newRing(event.Position("e1", 0), 50, 2000)
	var want []held
	slots := 0 // of the ring: what a newer event has replaced takes one for a while
	for seq := uint64(1); seq <= 5000; seq++ {
		topic := fmt.Sprint("t", rnd.IntN(7))
		frame := make([]byte, rnd.IntN(100))
		var opts []event.Option
		if topic == "t0" {
			opts = append(opts, event.Latest())
			kept := want[:0]
			for _, h := range want {
				if h.topic != topic {
					kept = append(kept, h)
				}
			}
			want = kept
		}
		r.push(newEvent(t, seq, topic, opts...), frame)
		want = append(want, held{seq, topic, len(frame)})
		for len(want) > 0 && want[0].seq <= r.evicted {
			want = want[1:]
		}
		total := 0
		for _, h := range want {
			total += h.size
			if id, _, ok := r.find(h.seq); !ok || id.Seq() != h.seq {
				t.Fatalf("number %d is not found at head %d", h.seq, seq)
			}
		}
		if slots = r.order.len(); total != r.bytes || slots-r.replacedSlots != len(want) || slots > 50 || total > 2000 {
			t.Fatalf("head %d: %d slots, %d replaced, %d bytes; want %d events of %d bytes", seq, slots, r.replacedSlots, r.bytes, len(want), total)
		}
		if r.order.len() < 50 && r.bytes < 1900 && r.evicted > 0 && seq < 20 {
			t.Fatalf("head %d: evicted without need", seq)
		}
	}
}

func TestAppendingToTheRingAllocatesNothing(t *testing.T) {
	r := newRing(event.Position("e1", 0), 1000, 1<<20)
	frame := bytes.Repeat([]byte("x"), 120)
	events := make([]event.Event, 30_000)
	for i := range events {
		events[i] = newEvent(t, uint64(i+1), fmt.Sprint("t", i%10))
	}
	next := 0
	push := func() { r.push(events[next], frame); next++ }
	for range 5000 { // until its queues have their size
		push()
	}
	if n := testing.AllocsPerRun(20_000, push); n != 0 {
		t.Errorf("%v allocations for each event", n)
	}
}

func TestQueueKeepsItsOrderAndItsSize(t *testing.T) {
	var q queue[int]
	in, out := 0, 0
	for range 10_000 {
		q.push(in)
		in++
		if q.len() > 100 {
			if q.all()[0] != out {
				t.Fatalf("got %d, want %d", q.all()[0], out)
			}
			q.pop()
			out++
		}
	}
	if q.len() != 100 || cap(q.items) > 512 {
		t.Errorf("it holds %d in room for %d", q.len(), cap(q.items))
	}
}

func BenchmarkPush(b *testing.B) {
	r := newRing(event.Position("e1", 0), 16_384, 64<<20)
	frame := bytes.Repeat([]byte("x"), 220)
	events := make([]event.Event, 1<<16)
	for i := range events {
		events[i] = newEvent(b, uint64(i+1), fmt.Sprint("t", i%10))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r.push(events[i%len(events)], frame)
	}
}

// BenchmarkWake is what an event costs a hub with 1,000 readers that wait.
func BenchmarkWake(b *testing.B) {
	r := newRing(event.Position("e1", 0), 16_384, 64<<20)
	h := &Hub{ring: r}
	woken := 0
	for range 1000 {
		r.join([]string{"t"}, &Cursor{hub: h, wake: func() { woken++ }})
	}
	t := r.topic("t")
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range t.groups[0].cursors {
			c.armed.Store(true)
		}
		t.wake()
	}
	if woken == 0 {
		b.Fatal("no reader was woken")
	}
}
