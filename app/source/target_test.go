package source

import (
	"testing"

	"github.com/seawaykit/seaway/app/internal/tabs"
	"github.com/seawaykit/seaway/app/transport"
)

// Also through what is made of a transport a probe finds where it asks, and a page
// learns its name.
func TestTransportIsKnownThroughAChoiceAndTabs(t *testing.T) {
	w := &transport.WebSocket{URL: "wss://live.example.com/socket"}
	for _, through := range []transport.Transport{w, &choice{asked: w}, tabs.Share(w, tabs.Options{}), tabs.Share(&choice{asked: w}, tabs.Options{})} {
		if got := transport.Target(through, "/events?topic=a"); got != "https://live.example.com/socket?topic=a" {
			t.Errorf("through %T a probe asks %s", through, got)
		}
		if got := transport.Name(through); got != "websocket" {
			t.Errorf("through %T its name is %q", through, got)
		}
	}
}
