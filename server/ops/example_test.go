package ops_test

import (
	"errors"
	"fmt"
	"net/http/httptest"

	"github.com/seawaykit/seaway/server/fanout"
	"github.com/seawaykit/seaway/server/ops"
	"github.com/seawaykit/seaway/server/sse"
)

// What operators see while the log is away: something is wrong, and the server
// goes on serving all the same. In a program Streams and Hub are the methods
// called Stats of its handler and its hub.
func Example() {
	admin := ops.Handler(ops.Sources{
		Streams: func() sse.Stats { return sse.Stats{} },
		Hub:     func() fanout.Stats { return fanout.Stats{} },
		Healthy: func() error { return errors.New("the log cannot be reached") },
		Ready:   func() error { return nil },
	})
	for _, path := range []string{"/healthz", "/readyz"} {
		w := httptest.NewRecorder()
		admin.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		fmt.Print(path, " ", w.Code, " ", w.Body)
	}
	// Output:
	// /healthz 503 the log cannot be reached
	// /readyz 200 ok
}
