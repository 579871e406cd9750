package e2e_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/sample/chat"
)

// mostEvents is what a log with -retain-events 50 holds at most, once its nodes had a
// second or two to remove the others.
const mostEvents = 60

// untilTrimmed waits until the log of a server has removed what its retention says.
func untilTrimmed(t *testing.T, admin string) {
	t.Helper()
	until(t, "the log has removed its oldest events", func() bool {
		_, body := adminGet(admin, "/metrics")
		_, rest, found := strings.Cut(body, "\nseaway_log_events ")
		var n int
		if _, err := fmt.Sscan(rest, &n); !found || err != nil {
			return false // it does not know just now
		}
		return n <= mostEvents
	})
}

// seedRooms posts what is to outlive its events: a message to a quiet room, one that is
// edited, and one that is removed. It returns what is left of the last two.
func seedRooms(s *server) (lobby []string) {
	s.t.Helper()
	ann := s.guestClient("Ann")
	s.postTo("deck", "bob", "in a quiet room")
	for _, text := range []string{"to be edited", "to be removed"} {
		ask(ann, chat.Post.Command(), chat.PostRequest{Room: "lobby", Text: text})
	}
	ids := map[string]string{}
	for _, e := range s.events("topic=room.lobby&last=2", 2) {
		var m chat.Message
		if err := json.Unmarshal([]byte(e.Data), &m); err != nil {
			s.t.Fatal(err)
		}
		ids[m.Text] = m.ID
	}
	ask(ann, chat.Edit.Command(), chat.EditRequest{Room: "lobby", ID: ids["to be edited"], Text: "edited early"})
	ask(ann, chat.Remove.Command(), chat.RemoveRequest{Room: "lobby", ID: ids["to be removed"]})
	return []string{"edited early"}
}

// wholeRooms checks the rooms of a server after a load, and returns the lobby's texts.
func wholeRooms(t *testing.T, where string, s *server, seeded []string, load *roomLoad) []string {
	t.Helper()
	texts := s.stateTexts("lobby")
	if n := len(seeded); len(texts) < n || !slices.Equal(texts[:n], seeded) {
		t.Fatalf("%s: the lobby begins with %q, want %q", where, texts[:min(2, len(texts))], seeded)
	}
	load.check(where, texts[len(seeded):])
	if got := s.stateTexts("deck"); !slices.Equal(got, []string{"in a quiet room"}) {
		t.Errorf("%s: the quiet room is %q", where, got)
	}
	return texts
}

// Retention removes everything, and the server is killed in the middle of each burst:
// every room is whole, on the server and on the screens of pages that were open all the
// time.
func TestStatesOutliveRetentionAndKills(t *testing.T) {
	t.Parallel()
	admin := freeAddr(t)
	s := startServer(t, "-no-limits", "-retain-events", "50", "-admin", admin)
	seeded := seedRooms(s)
	screens := openScreens(t, s)
	load := startLoad(t, s)
	for round := range 5 {
		some := 1 + rand.IntN(60)
		t.Logf("burst %d: killed after %d posts", round, some)
		load.burst(90, some, func() {
			s.kill()
			s.start()
			if round%2 == 1 { // once more, while clients come back
				s.kill()
				s.start()
			}
		})
	}
	texts := wholeRooms(t, "the server", s, seeded, load)
	showNewest(t, screens, s.url, texts)
	untilTrimmed(t, admin)
	s.kill()
	s.start()
	if again := wholeRooms(t, "the server after one more kill", s, seeded, load); !slices.Equal(again, texts) {
		t.Errorf("after one more kill the lobby is %s", difference(again, texts))
	}
	untilTrimmed(t, admin)
}
