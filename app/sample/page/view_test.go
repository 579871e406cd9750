package page

import (
	"slices"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

func TestRoomHasItsOwnPath(t *testing.T) {
	if len(chat.Rooms) > maxRooms {
		t.Fatalf("the pages count for %d rooms, there are %d", maxRooms, len(chat.Rooms))
	}
	for _, r := range chat.Rooms {
		path := pathOf(r.Name)
		if !slices.Contains(paths(), path) || roomOf(path) != r.Name || viewOf(path) != messagesView || about(r.Name, &words.English) == "" {
			t.Errorf("%s: path %s is of room %s", r.Name, path, roomOf(path))
		}
	}
	if pathOf("lobby") != "/room/lobby" || viewOf("/") != frontView || viewOf("/inbox") != inboxView {
		t.Error("the lobby, the front page or the inbox is elsewhere")
	}
	for _, path := range []string{"/nowhere", "/room/cellar", "/board/green", "/room/"} {
		if viewOf(path) != missingView || titleOf(path, &words.English) != "Not found" {
			t.Errorf("%s is a page called %q", path, titleOf(path, &words.English))
		}
	}
	seen := map[string]bool{}
	for _, p := range paths() {
		if title := titleOf(p, &words.Chinese); seen[title] || title == "" {
			t.Errorf("%s is called %q, as another is", p, title)
		} else {
			seen[title] = true
		}
	}
}

func TestAvatarIsOneVisibleCharacter(t *testing.T) {
	for name, want := range map[string]string{
		"ann": "A", "\u202e\u2066evil": "E", `"><img`: "I", "": "·", "🚢": "·", "🚢 ship": "S", "李雷": "李", "ß": "ß", "7up": "7", "نورا": "ن",
	} {
		if got := initial(name); got != want && !strings.EqualFold(got, want) {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if hue("id", "Ann") != hue("id", "Bob") || hue("", "Ann") == hue("", "Bob") {
		t.Error("a colour is not of who somebody is")
	}
	if displayName("  ", &words.English) != "Guest" || short(100) != "99+" || short(7) != "7" {
		t.Error("words")
	}
}
