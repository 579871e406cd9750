package e2e_test

import (
	"net/http"
	"strings"
	"testing"
)

// A site of an attacker whose name is made to lead to this server (DNS rebinding) has, for
// the browser, the origin of its pages. It is refused at every door by the name.
func TestAttackByOtherHosts(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-no-limits", "-public-url", "https://www.example")
	_, port, _ := strings.Cut(s.addr, ":")
	for _, host := range []string{
		"evil.example", "evil.example:" + port, "www.example.evil.example", "evil-www.example", "10.0.0.1", "[::2]",
		"localhost.evil.example", "127.0.0.1.evil.example", "xn--www.example",
	} {
		for _, d := range doors {
			for _, headers := range [][]string{nil, {"Origin", "http://" + host}, {"X-Forwarded-Host", "www.example"}} {
				status, header := d.openAt(s, host, headers...)
				if status != http.StatusMisdirectedRequest || header.Get("Set-Cookie") != "" {
					t.Errorf("%s %s of %q, %q: %d, cookie %q", d.method, d.path, host, headers, status, header.Get("Set-Cookie"))
				}
			}
		}
	}
	for _, host := range []string{"www.example", "WWW.example", "www.example:443", "localhost", s.addr} {
		if status, _ := (door{method: "GET", path: "/room/lobby"}).openAt(s, host); status != 200 {
			t.Errorf("GET /room/lobby of %q: %d", host, status)
		}
	}
}
