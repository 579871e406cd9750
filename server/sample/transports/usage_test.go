package transports

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	contract "github.com/seawaykit/seaway/shared/sample/transports"
)

// A client may open a connection for each request and never request the counts.
func TestConnectionsThatHaveEndedAreForgotten(t *testing.T) {
	const token = "0123456789abcdef"
	meter := New(Options{})
	server := httptest.NewUnstartedServer(meter.Track(http.NotFoundHandler()))
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
	for range 10 * minPrune {
		resp, err := client.Get(server.URL + "/poll?lane=" + contract.TransportID(token, contract.Poll))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		<-ended
	}
	meter.mu.Lock()
	defer meter.mu.Unlock()
	if n := len(meter.pages[token].transports[contract.Poll].conns); n > minPrune {
		t.Errorf("%d connections are remembered", n)
	}
}
