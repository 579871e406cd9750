package live

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

type entry struct {
	Room string `json:"room"`
	Text string `json:"text"`
}

func (e entry) StateKey() string { return e.Room }

var (
	halls   = state.Define[list]("live.hall")
	shouted = state.On(halls, "live.shouted", func(l *list, e event.Of[entry]) { l.Items = append(l.Items, e.Value.Text) })
	shout   = state.Mutate(halls, "live.shout", func(c *state.Call, _ list, r entry) (note, error) {
		state.Emit(c, shouted, r)
		return note{}, nil
	})
	report = command.Define[entry, note]("live.report")
)

// A flood into one topic, of events or of bytes, by mutations or commands, is refused with
// 429 and Retry-After from its quota on. The newest events of others stay in a log that
// retains little, and so does what the program appends by itself.
func TestFloodIntoATopicLeavesOthers(t *testing.T) {
	const retained = 200
	log := eventlog.NewMemory(eventlog.Retention{MaxEvents: retained})
	s := newTestOn(t, log, Options{
		Identify: identifyByHeader, TrustedProxies: []string{"127.0.0.1"},
		Limits: Limits{Commands: slow(10_000), CommandsPerAddress: slow(10_000), CommandBytes: slow(1e8), CommandBytesPerAddress: slow(1e8)},
		Quotas: map[string]access.Quota{"**": {Events: slow(100), Bytes: slow(40_000)}},
	})
	Serve(s, halls, Everyone)
	Handle(s, report, func(ctx context.Context, e entry) (note, error) {
		_, err := written.Publish(ctx, s.Log(), "hall."+e.Room, note{e.Text})
		return note{}, err
	})
	url := serveTest(t, s)
	for i := range 5 { // the program's own, which is not bounded
		if _, err := written.Publish(t.Context(), s.Log(), "inbox.ann", note{fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	send := func(name, room, text string) (*http.Response, string) {
		return call(t, url, name, fmt.Sprintf(`{"room":%q,"text":%q}`, room, text), "X-User", "eve", "X-Forwarded-For", "203.0.113.1")
	}
	send(shout.Name(), "quiet", "stays")
	for _, c := range []struct {
		name, room, text string
		want             int
	}{{shout.Name(), "loud", "x", 50}, {"live.report", "loud", "x", 50}, {"live.report", "large", strings.Repeat("x", 5000), 3}} {
		accepted := 0
		for range 10 * retained {
			resp, body := send(c.name, c.room, c.text)
			switch resp.StatusCode {
			case http.StatusOK:
				accepted++
			case http.StatusTooManyRequests:
				if resp.Header.Get("Retry-After") != "1" || !strings.Contains(body, `"rate_limited"`) {
					t.Fatalf("the refusal is %s, %v", body, resp.Header)
				}
			default:
				t.Fatalf("%d %s", resp.StatusCode, body)
			}
		}
		if accepted != c.want {
			t.Errorf("%s to %s: %d events were accepted, want %d", c.name, c.room, accepted, c.want)
		}
	}
	for topic, want := range map[string]int{"inbox.ann": 5, "live.hall.quiet": 1} {
		if page, err := log.Read(t.Context(), 0, 10, topic); err != nil || len(page.Events) != want {
			t.Errorf("of %s are left %d events, %v; want %d", topic, len(page.Events), err, want)
		}
	}
}
