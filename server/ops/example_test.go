package ops_test

import (
	"errors"
	"fmt"
	"net/http/httptest"

	"github.com/seawaykit/seaway/server/internal/fanout"
	"github.com/seawaykit/seaway/server/ops"
	"github.com/seawaykit/seaway/server/sse"
)

// The answers while the log is out of reach: the program is unhealthy, should get no new
// clients, and a restart would not help.
func Example() {
	unreachable := func() error { return errors.New("the log cannot be reached") }
	admin := ops.Handler(ops.Sources{
		Streams: func() sse.Stats { return sse.Stats{} },
		Hub:     func() fanout.Stats { return fanout.Stats{} },
		Healthy: unreachable,
		Ready:   unreachable,
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
