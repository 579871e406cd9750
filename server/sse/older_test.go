package sse_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/sse"
	"github.com/seawaykit/seaway/shared/event"
)

type (
	weight struct{ Pounds int }
	mass   struct{ Grams int }
)

var (
	weighed   = event.Define[weight]("test.weighed")
	weighedV2 = event.Define[mass]("test.weighed.v2")
)

func init() {
	event.Record("test.weighed.v2 {}\n")
	event.Upcast(weighed, weighedV2,
		func(w weight) mass { return mass{w.Pounds * 454} },
		func(m mass) weight { return weight{m.Grams / 454} })
}

func TestEventAndItsOlderVersionShareOneFrameAndOneID(t *testing.T) {
	r := newRig(t, config{})
	if _, err := weighedV2.Publish(t.Context(), r.log, "a", mass{908}); err != nil {
		t.Fatal(err)
	}
	page, err := r.log.Read(t.Context(), 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	id := page.Events[0].Meta().String()
	got := sse.Frame(sse.EncodeEvent(page.Events[0]))
	want := "id: " + id + "\nevent: test.weighed.v2\ndata: {\"Grams\":908}\n\n" +
		"id: " + id + "\nevent: test.weighed\ndata: {\"Pounds\":2}\n\n"
	if string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Whether they come from the ring or from the log, one at a time or many: a
// page that knows either form gets each event once and in order.
func TestOlderVersionFollowsItsEventAtOnce(t *testing.T) {
	const events = 50
	for name, hub := range map[string]fanout.Options{"from the ring": {}, "from the log": {MaxEvents: 1, PageSize: 3}} {
		onEachPath(t, func(t *testing.T, p path) {
			r := newRig(t, config{path: p, hub: hub})
			r.publish("a", "other")
			s := r.stream("topic=a&last=1", "")
			var want []string
			for i := range events {
				id, err := weighedV2.Publish(t.Context(), r.log, "a", mass{i * 454})
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, fmt.Sprintf("%s test.weighed.v2 {\"Grams\":%d}", id, i*454), fmt.Sprintf("%s test.weighed {\"Pounds\":%d}", id, i))
			}
			for _, from := range []*stream{s, r.stream("topic=a&last="+fmt.Sprint(events+1), "")} {
				if first := from.next(); first.data != "other" {
					t.Fatalf("%s: the first event is %+v", name, first)
				}
				var got []string
				for range want {
					f := from.next()
					got = append(got, strings.Join([]string{f.id, f.name, f.data}, " "))
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
		})
	}
}

func TestHelloListsTheOlderVersionsThatItAccepts(t *testing.T) {
	hello := newRig(t, config{}).stream("topic=a", "").hello
	if got := hello.Accepts; len(got) != 1 || !slices.Equal(got["test.weighed.v2"], event.Accepts()["test.weighed.v2"]) {
		t.Errorf("the hello accepts %q, want %q", got, event.Accepts())
	}
}
