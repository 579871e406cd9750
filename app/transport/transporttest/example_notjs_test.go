//go:build !js

package transporttest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/seawaykit/seaway/app/transport/transporttest"
)

// The native half, asked over HTTP as Serve does it in a browser: the first
// request is refused, all others get a stream.
func ExampleHandler() {
	handler := transporttest.NewHandler()
	defer handler.Close()
	server := httptest.NewServer(handler)
	defer server.Close()

	script := server.URL + transporttest.Prefix + "refused-once"
	answers := `[{"Status": 503, "Then": "finish"}, {"Parts": ["data: hello\n\n"], "Then": "finish"}]`
	resp, err := http.Post(script, "application/json", strings.NewReader(answers))
	if err != nil {
		fmt.Println(err)
		return
	}
	resp.Body.Close()
	for range 2 {
		resp, err := http.Get(script + "/stream")
		if err != nil {
			fmt.Println(err)
			return
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		fmt.Printf("%s, %q, %v\n", resp.Status, body, err)
	}
	// Output:
	// 503 Service Unavailable, "", <nil>
	// 200 OK, "data: hello\n\n", <nil>
}
