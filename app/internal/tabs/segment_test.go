package tabs

import (
	"net/url"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
)

func numbered(n uint64, data string) transport.Frame {
	return transport.Frame{Name: "test.numbered", Data: data, LastEventID: event.NewID("e1", n, "key").String()}
}

func TestSegmentGivesWhatComesAfterItsOwnPositions(t *testing.T) {
	var s segment
	start := event.Position("e1", 3)
	s.begin(start)
	for n := uint64(2); n <= 6; n++ { // 2 and 3 are before it
		s.add(numbered(n, "x"))
	}
	s.add(transport.Frame{Name: "heartbeat"})
	for _, c := range []struct {
		pos  event.ID
		want int // -1: it is not the segment's own
	}{
		{start, 3},
		{event.NewID("e1", 4, "key"), 2},
		{event.NewID("e1", 6, "key"), 0},
		{event.NewID("e1", 4, "another event of that number"), -1},
		{event.NewID("e2", 4, "key"), -1},
		{event.NewID("e1", 3, "key"), -1},
		{event.NewID("e1", 7, "key"), -1},
		{event.ID{}, -1},
	} {
		frames, ok := s.after(c.pos)
		if ok != (c.want >= 0) || ok && len(frames) != c.want {
			t.Errorf("after %v: %d frames, %v, want %d", c.pos, len(frames), ok, c.want)
		}
	}
	if s.end != event.NewID("e1", 6, "key") {
		t.Errorf("it ends at %v", s.end)
	}
}

// Its beginning is forgotten, and positions there are no longer its own.
func TestSegmentIsBounded(t *testing.T) {
	for _, c := range []struct {
		name string
		data string
		left int
	}{
		{"in frames", "x", maxSegment},
		{"in bytes", strings.Repeat("x", maxSegmentBytes/4), 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s segment
			s.begin(event.Position("e1", 0))
			const n = maxSegment + 10
			for i := uint64(1); i <= n; i++ {
				s.add(numbered(i, c.data))
			}
			oldest := event.NewID("e1", uint64(n-c.left), "key")
			if frames, ok := s.after(oldest); !ok || len(frames) != c.left || s.at != oldest {
				t.Errorf("after %v: %d frames, %v, want %d; it begins at %v", oldest, len(frames), ok, c.left, s.at)
			}
			if _, ok := s.after(event.NewID("e1", uint64(n-c.left-1), "key")); ok {
				t.Error("it gives what it has forgotten")
			}
		})
	}
}

// A segment that began nowhere begins at its first frame: whether there was one
// before, nobody knows.
func TestSegmentThatBeginsNowhere(t *testing.T) {
	var s segment
	s.add(numbered(3, "x"))
	s.add(numbered(4, "x"))
	if _, ok := s.after(event.NewID("e1", 2, "key")); ok {
		t.Error("it claims what was before it")
	}
	if frames, ok := s.after(event.NewID("e1", 3, "key")); !ok || len(frames) != 1 {
		t.Errorf("after its first frame: %d, %v", len(frames), ok)
	}
}

func TestGroupNameOfTabsThatShare(t *testing.T) {
	name := func(address, user string) string {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return groupName(*u, user)
	}
	const address = "https://h/events?after=e1-1-AAAA&last=5&schema=s&topic=a&topic=b"
	own := name(address, "ann")
	for _, same := range []string{
		"https://h/events?last=5&schema=s&topic=a&topic=b",
		"https://h/events?topic=b&topic=a&schema=s&last=5&after=e1-2-AAAA",
		"https://h/events?last=5&schema=s&topic=a",
		"https://h/events?last=5&schema=s&topic=c",
	} {
		if got := name(same, "ann"); got != own {
			t.Errorf("%s is in %q, want %q", same, got, own)
		}
	}
	for _, other := range []string{
		"https://i/events?last=5&schema=s&topic=a&topic=b",
		"https://h/other?last=5&schema=s&topic=a&topic=b",
		"https://h/events?last=5&schema=r&topic=a&topic=b",
		"https://h/events?last=6&schema=s&topic=a&topic=b",
	} {
		if name(other, "ann") == own {
			t.Errorf("%s shares with %s", other, address)
		}
	}
	if name(address, "bob") == own {
		t.Error("two users share")
	}
}
