package wire_test

import (
	"encoding/json"
	"fmt"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/wire"
)

// A program that reads a stream without package source: the hello says how the
// stream begins, and every frame with an id is a position.
func Example() {
	frames := []struct{ id, name, data string }{
		{"e1-7-a1b2", wire.HelloName, `{"mode":"resumed","heartbeat_ms":15000,"retry_ms":1200}`},
		{"e1-8-c3d4 tide 1796040000007", "tide.rose", `{"metres":0.4}`},
		{"e1-9-e5f6", wire.HeartbeatName, "e1-9-e5f6"},
		{"", wire.ByeName, `{"retry_ms":900,"reason":"shutdown"}`},
	}
	var position event.ID
	for _, f := range frames {
		meta, err := event.ParseMeta(f.id)
		if err == nil {
			position = meta.ID
		}
		switch f.name {
		case wire.HelloName:
			var hello wire.Hello
			if err := json.Unmarshal([]byte(f.data), &hello); err != nil {
				fmt.Println(err)
				return
			}
			fmt.Printf("%s, a frame at least every %d ms\n", hello.Mode, hello.Heartbeat)
		case wire.HeartbeatName:
			fmt.Println("nothing up to", position, "was held back")
		case wire.ByeName:
			var bye wire.Bye
			if err := json.Unmarshal([]byte(f.data), &bye); err != nil {
				fmt.Println(err)
				return
			}
			fmt.Printf("come back in %d ms with ?%s=%s\n", bye.Retry, wire.AfterParam, position)
		default:
			fmt.Println(f.name, "on", meta.Topic, f.data)
		}
	}
	// Output:
	// resumed, a frame at least every 15000 ms
	// tide.rose on tide {"metres":0.4}
	// nothing up to e1-9-e5f6 was held back
	// come back in 900 ms with ?after=e1-9-e5f6
}
