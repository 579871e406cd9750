package wire_test

import (
	"encoding/json"
	"fmt"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// What a program does that reads a stream without package source: the hello says
// how to go on, and a position is kept from every frame with an id.
func Example() {
	frames := []struct{ id, name, data string }{
		{"e1-7-a1b2", wire.HelloName, `{"mode":"resumed","beat_ms":15000,"retry_ms":1200}`},
		{"e1-8-c3d4", "tide.rose", `{"metres":0.4}`},
		{"e1-9-e5f6", wire.BeatName, "e1-9-e5f6"},
		{"", wire.ByeName, `{"retry_ms":900,"reason":"shutdown"}`},
	}
	var position event.ID
	for _, f := range frames {
		if id, err := event.ParseID(f.id); err == nil {
			position = id
		}
		switch f.name {
		case wire.HelloName:
			var hello wire.Hello
			if err := json.Unmarshal([]byte(f.data), &hello); err != nil {
				fmt.Println(err)
				return
			}
			fmt.Printf("%s, a frame at least every %d ms\n", hello.Mode, hello.Beat)
		case wire.BeatName:
			fmt.Println("nothing up to", position, "was held back")
		case wire.ByeName:
			var bye wire.Bye
			if err := json.Unmarshal([]byte(f.data), &bye); err != nil {
				fmt.Println(err)
				return
			}
			fmt.Printf("come back in %d ms with ?%s=%s\n", bye.Retry, wire.AfterParam, position)
		default:
			fmt.Println(f.name, f.data)
		}
	}
	// Output:
	// resumed, a frame at least every 15000 ms
	// tide.rose {"metres":0.4}
	// nothing up to e1-9-e5f6 was held back
	// come back in 900 ms with ?after=e1-9-e5f6
}
