package e2e_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A door is a request by which a page reads or changes something.
type door struct {
	method, path, body string
	headers            []string
	refused            int // to a page of another origin; 0 if the browser keeps the answer from it
}

var toSocket = []string{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}

// doors are all of the program's.
var doors = []door{
	{"GET", "/events?topic=room.lobby", "", nil, 0},
	{"GET", "/poll?topic=room.lobby", "", nil, 0},
	{"GET", "/socket?topic=room.lobby", "", toSocket, 403},
	{"GET", "/state?topic=room.lobby", "", nil, 0},
	{"GET", "/sse", "", nil, 0},
	{"GET", "/", "", nil, 0},
	{"GET", "/room/lobby", "", nil, 0},
	{"GET", "/guide", "", nil, 0},
	{"GET", "/web/app.css", "", nil, 0},
	{"POST", "/commands/chat.post", goodPost, nil, 403},
	{"POST", "/commands/chat.post", goodPost, []string{"Content-Type", "text/plain"}, 403},
	{"POST", "/commands/guest.whoami", "{}", nil, 403},
	{"POST", "/room/lobby", "author=ann&text=hi", []string{"Content-Type", "application/x-www-form-urlencoded"}, 403},
	{"POST", "/events?topic=room.lobby", "", nil, 405},
	{"POST", "/poll?topic=room.lobby", "", nil, 405},
	{"POST", "/state?topic=room.lobby", "", nil, 405},
	{"POST", "/sse", "", nil, 405},
	{"POST", "/", "a=b", nil, 405},
	{"POST", "/room/none/below", "a=b", nil, 405},
	{"DELETE", "/commands/chat.post", "", nil, 405},
}

// open opens a door, and returns the status and headers of the answer.
func (d door) open(s *server, url string, headers ...string) (int, http.Header) {
	s.t.Helper()
	return d.send(s, url, "", headers...)
}

// openAt opens a door of the server by another name.
func (d door) openAt(s *server, host string, headers ...string) (int, http.Header) {
	s.t.Helper()
	return d.send(s, s.url, host, headers...)
}

func (d door) send(s *server, url, host string, headers ...string) (int, http.Header) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), d.method, url+d.path, strings.NewReader(d.body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Host = host
	if d.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, all := range [][]string{d.headers, headers} {
		for i := 0; i < len(all); i += 2 {
			req.Header.Set(all[i], all[i+1])
		}
	}
	resp, err := http.DefaultTransport.RoundTrip(req) // follows no redirect
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Body.Close() // a stream has no end
	return resp.StatusCode, resp.Header
}

// Pages of other origins, sandboxed ones and files are refused wherever something changes,
// and are told nothing where something is read: no header lets their script have the answer,
// and the policy keeps it out of their process.
func TestAttackByPagesOfOtherOrigins(t *testing.T) {
	t.Parallel()
	admin := freeAddr(t)
	s := startServer(t, "-no-limits", "-admin", admin, "-origins", "https://friend.example")
	port := s.addr[strings.LastIndexByte(s.addr, ':'):]
	var foreign [][]string
	for _, origin := range []string{
		"null", "https://evil.example", "file://", "http://localhost" + port, "http://" + s.addr + ".evil.example", "http://" + s.addr + "0",
		"http://evil.example/" + s.addr, "https://friend.example.evil.example", "https://friend.example:444", "http://friend.example", "https://FRIEND.example.", "*",
	} {
		foreign = append(foreign, []string{"Origin", origin})
	}
	for _, site := range []string{"cross-site", "same-site"} {
		foreign = append(foreign, []string{"Sec-Fetch-Site", site}, []string{"Sec-Fetch-Site", site, "Origin", "http://" + s.addr})
	}
	for _, headers := range foreign {
		for _, d := range doors {
			status, header := d.open(s, s.url, headers...)
			switch {
			case d.path == "/socket?topic=room.lobby" && headers[0] == "Sec-Fetch-Site" && len(headers) == 2:
				// A browser always sends a socket's origin; this is none's.
			case d.refused != 0 && status != d.refused, d.refused == 0 && status != 200:
				t.Errorf("%s %s for %q: %d", d.method, d.path, headers, status)
			}
			if allowed := header["Access-Control-Allow-Origin"]; allowed != nil || header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
				t.Errorf("%s %s for %q: %v", d.method, d.path, headers, header)
			}
		}
		for _, path := range []string{"/metrics", "/healthz", "/readyz", "/livez"} {
			if _, header := (door{method: "GET", path: path}).open(s, "http://"+admin, headers...); header["Access-Control-Allow-Origin"] != nil {
				t.Errorf("the admin address allows %q: %v", headers, header)
			}
		}
	}
	s.post("ann", "the only message")
	if texts := s.roomTexts(1); texts[0] != "the only message" {
		t.Errorf("the room holds %q", texts)
	}
}

// What a preflight asks for is answered to no other origin.
func TestAttackByPreflights(t *testing.T) {
	t.Parallel()
	for _, flags := range [][]string{nil, {"-origins", "https://friend.example"}} {
		s := startServer(t, flags...)
		for _, origin := range []string{"null", "https://evil.example", "https://friend.example.evil.example"} {
			for _, d := range doors {
				d.method, d.body = http.MethodOptions, ""
				status, header := d.open(s, s.url, "Origin", origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type",
					"Access-Control-Request-Private-Network", "true")
				for name := range header {
					if strings.HasPrefix(name, "Access-Control-") {
						t.Errorf("%q: OPTIONS %s for %s: %d, %s: %s", flags, d.path, origin, status, name, header.Get(name))
					}
				}
			}
		}
	}
}

// The cookie is not one that browsers send with another site's requests, so that a stream
// or a poll which they open there is a stranger's.
func TestAttackByPagesOfOtherOriginsInABrowser(t *testing.T) {
	t.Parallel()
	s, evil := startServer(t), startServer(t)
	b := openPage(t, s)
	b.untilLive()
	// Another site of the browser's: localhost and 127.0.0.1 are not the same site.
	b.navigate(strings.Replace(evil.url, "127.0.0.1", "localhost", 1) + "/web/app.css")
	tried := eval[map[string]string](b, fmt.Sprintf(`(async () => {
  const at = %q, said = {};
  const fetched = async (name, path, init) => {
    try { const r = await fetch(at + path, {credentials: "include", ...init}); said[name] = r.type + " " + r.status + " " + (await r.text()).length; }
    catch (e) { said[name] = "refused"; }
  };
  await fetched("state", "/state?topic=room.lobby");
  await fetched("poll", "/poll?topic=room.lobby");
  await fetched("page", "/");
  await fetched("command", "/commands/chat.post", {method: "POST", headers: {"Content-Type": "application/json"}, body: %q});
  await fetched("command as text", "/commands/chat.post", {method: "POST", body: %q});
  await fetched("blind command", "/commands/chat.post", {method: "POST", mode: "no-cors", body: %q});
  await fetched("blind form", "/room/lobby", {method: "POST", mode: "no-cors", body: new URLSearchParams({author: "evil", text: "hi"})});
  await fetched("blind state", "/state?topic=room.lobby", {mode: "no-cors"});
  said.stream = await new Promise(done => { const e = new EventSource(at + "/events?topic=room.lobby", {withCredentials: true}); e.onerror = () => done("refused " + e.readyState); e.addEventListener("hello", () => done("hello")); });
  said.socket = await new Promise(done => { const w = new WebSocket(at.replace("http", "ws") + "/socket?topic=room.lobby"); w.onerror = () => done("refused"); w.onopen = () => done("open"); });
  said.script = await new Promise(done => { const e = document.createElement("script"); e.src = at + "/state?topic=room.lobby"; e.onerror = () => done("refused"); e.onload = () => done("loaded"); document.documentElement.append(e); });
  said.frame = await new Promise(done => { const e = document.createElement("iframe"); e.src = at + "/room/lobby"; e.onload = () => { try { done("read " + e.contentDocument.body.innerText) } catch (x) { done("refused") } }; document.documentElement.append(e); });
  return said;
})()`, s.url, goodPost, goodPost, goodPost))
	for name, said := range tried {
		if !strings.HasPrefix(said, "refused") && !(name == "frame" && said == "read ") {
			t.Errorf("another site's page gets by %s: %s", name, said)
		}
	}
	if len(tried) != 12 {
		t.Errorf("it tried %v", tried)
	}
	b.mu.Lock()
	b.problems = nil // the frame that it has refused
	b.mu.Unlock()
	s.post("ann", "the only message")
	if texts := s.roomTexts(1); texts[0] != "the only message" {
		t.Errorf("the room holds %q", texts)
	}
}
