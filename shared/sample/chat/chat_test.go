package chat_test

import (
	"testing"

	"github.com/seawaykit/seaway/shared/sample/chat"
)

func TestRoomOfIsTheRoomOfATopic(t *testing.T) {
	for topic, want := range map[string]string{
		chat.Topic("deck"): "deck", "room.": "", "room": "", "": "", "clock": "", "rooms.deck": "", "user.room.deck": "",
	} {
		if got := chat.RoomOf(topic); got != want {
			t.Errorf("%q is the topic of room %q, want %q", topic, got, want)
		}
	}
}
