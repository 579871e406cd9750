package live

import (
	"syscall/js"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// An archive has its newest 10,000 items.
type archive struct{ Items []string }

func keepItem(a *archive, e event.Of[string]) {
	a.Items = append(a.Items[max(0, len(a.Items)-9_999):], e.Value)
}

var (
	archives = state.Define[archive]("bench.archive")
	archived = state.On(archives, "bench.archived", keepItem)
	windowed = state.Define("bench.windowed", state.Window(func(a archive) archive {
		return archive{a.Items[max(0, len(a.Items)-50):]}
	}))
)

func init() { state.Fold(windowed, archived, keepItem) }

// BenchmarkValue is what one more event costs a page, in microseconds, with a state of
// 10,000 items or the newest 50 of them: "by hand" decodes the event and calls the
// user's function. Budget: 1,000 us more than by hand.
func BenchmarkValue(b *testing.B) {
	b.Run("by hand", func(b *testing.B) {
		a := full()
		measure(b, func(e event.Event) {
			if of, err := archived.Decode(e); err == nil {
				keepItem(&a, of)
			}
		})
	})
	b.Run("10,000", func(b *testing.B) { measureKind(b, archives, full()) })
	b.Run("window of 50", func(b *testing.B) { measureKind(b, windowed, windowed.Window(full())) })
}

func full() (a archive) {
	for range 10_000 {
		a.Items = append(a.Items, "an item of some forty bytes, as messages are")
	}
	return a
}

func measureKind(b *testing.B, kind state.Kind[archive], begin archive) {
	v := newValue(New(Options{}), kind)
	v.topic, v.now, v.at, v.stale = kind.Topic("a"), begin, event.NewID("e1", 1, "k"), false
	measure(b, v.take)
}

// measure calls take with bursts of a hundred events, and reports the time for one.
func measure(b *testing.B, take func(event.Event)) {
	const burst = 100
	data := []byte(`"one more item of some forty bytes, as they are"`)
	now, seq := js.Global().Get("performance"), uint64(1)
	var took float64
	for b.Loop() {
		var events []event.Event
		for range burst {
			seq++
			e, err := event.New(event.NewID("e1", seq, "k"), event.Draft{Topic: "bench.archive.a", Type: archived.Name(), Data: data}, time.Unix(1e9, 0))
			if err != nil {
				b.Fatal(err)
			}
			events = append(events, e)
		}
		begun := now.Call("now").Float()
		for _, e := range events {
			take(e)
		}
		took += now.Call("now").Float() - begun
	}
	b.ReportMetric(1000*took/float64(b.N)/burst, "us/event")
}
