package transports

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// A client may open a connection for each request, and nobody ask for the counts.
func TestConnectionsThatHaveEndedAreForgotten(t *testing.T) {
	const token = "0123456789abcdef"
	lanes := New(Options{})
	server := httptest.NewUnstartedServer(lanes.Track(http.NotFoundHandler()))
	ended := make(chan struct{}, 1)
	server.Config.ConnContext = ConnContext
	server.Config.ConnState = func(_ net.Conn, to http.ConnState) {
		if to == http.StateClosed {
			ended <- struct{}{}
		}
	}
	server.Start()
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for range 10 * fewLines {
		resp, err := client.Get(server.URL + "/poll?lane=" + contract.Lane(token, contract.Poll))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		<-ended
	}
	lanes.mu.Lock()
	defer lanes.mu.Unlock()
	if n := len(lanes.pages[token].lanes[contract.Poll].lines); n > fewLines {
		t.Errorf("%d connections are remembered", n)
	}
}
