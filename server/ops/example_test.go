package ops_test

import (
	"errors"
	"fmt"
	"net/http/httptest"

	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/server/ops"
	"github.com/seawaykit/seaway/server/sse"
)

// What operators see while the log is away: something is wrong, no new clients
// should come, and to restart the program would not help. In a program Streams and Hub are the methods
// called Stats of its handler and its hub.
func Example() {
	away := func() error { return errors.New("the log cannot be reached") }
	admin := ops.Handler(ops.Sources{
		Streams: func() sse.Stats { return sse.Stats{} },
		Hub:     func() fanout.Stats { return fanout.Stats{} },
		Healthy: away,
		Ready:   away,
	})
	for _, path := range []string{"/healthz", "/readyz", "/livez"} {
		w := httptest.NewRecorder()
		admin.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		fmt.Print(path, " ", w.Code, " ", w.Body)
	}
	// Output:
	// /healthz 503 the log cannot be reached
	// /readyz 503 the log cannot be reached
	// /livez 200 ok
}
