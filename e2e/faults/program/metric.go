package program

import (
	"bufio"
	"net/http"
	"strings"
	"time"
)

// Metric returns a metric of the operators' address, named with its labels as
// /metrics prints it.
func (p *Program) Metric(name string) string {
	p.t.Helper()
	// The connection is closed, so that it is not among what is counted later.
	client := http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + p.Admin + "/metrics")
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			return value
		}
	}
	p.t.Fatalf("there is no metric %s", name)
	return ""
}

// StartAs is Start for a program that a client of one's own has to reach: over
// TLS, or from another network.
func (p *Program) StartAs(client *http.Client) {
	p.t.Helper()
	p.Run()
	Until(p.t, 30*time.Second, "the program answers", func() bool {
		resp, err := client.Get(p.URL + "/app.js")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK && p.Status("/readyz") == http.StatusOK
	})
}
