package event_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/event"
)

func TestTopicsAndNamesAreTokensBetweenDots(t *testing.T) {
	for _, s := range []string{"a", "room.lobby", "room.Lobby-2.new_messages", "0", "-", "_", "a.b.c.d.e"} {
		if err := event.CheckTopic(s); err != nil {
			t.Errorf("topic %q: %v", s, err)
		}
		if err := event.CheckName(s); err != nil {
			t.Errorf("name %q: %v", s, err)
		}
	}
	for _, s := range []string{
		"", ".", "a.", ".a", "a..b", "a b", "a\n", "\ra", "a\x00b", "a:b", "a/b", "a*", ">", "ä", "a.é", "a\xff",
	} {
		for kind, err := range map[string]error{"topic": event.CheckTopic(s), "event type": event.CheckName(s)} {
			var refused *event.NameError
			if !errors.As(err, &refused) || refused.Kind != kind || refused.Name != s {
				t.Errorf("%s %q: got %v, want a NameError about it", kind, s, err)
			}
		}
	}
}

func TestTopicsAndNamesHaveALongestLength(t *testing.T) {
	for _, c := range []struct {
		kind  string
		check func(string) error
		limit int
	}{{"topic", event.CheckTopic, 128}, {"name", event.CheckName, 64}} {
		if err := c.check(strings.Repeat("a", c.limit)); err != nil {
			t.Errorf("a %s of %d bytes: %v", c.kind, c.limit, err)
		}
		if err := c.check(strings.Repeat("a", c.limit+1)); err == nil {
			t.Errorf("a %s of %d bytes was accepted", c.kind, c.limit+1)
		}
	}
}

func TestNamesThatTheStreamUsesAreReserved(t *testing.T) {
	for _, s := range []string{"open", "error", "message", "hello", "heartbeat", "reset", "bye", "fault", "reply"} {
		if err := event.CheckName(s); err == nil || !strings.Contains(err.Error(), "reserved") {
			t.Errorf("name %q: got %v, want that it is reserved", s, err)
		}
		if err := event.CheckName(s + ".x"); err != nil {
			t.Errorf("name %q: %v", s+".x", err)
		}
		if err := event.CheckTopic(s); err != nil { // topics never meet event names
			t.Errorf("topic %q: %v", s, err)
		}
	}
}

func TestNameThatIsRefusedIsSafeToLog(t *testing.T) {
	err := event.CheckTopic(strings.Repeat("x\n", 1<<20))
	if err == nil {
		t.Fatal("it was accepted")
	}
	if msg := err.Error(); len(msg) > 600 || strings.ContainsAny(msg, "\r\n") {
		t.Errorf("the message has %d bytes and starts %.80q", len(msg), msg)
	}
}
