package live

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/ops"
	"github.com/seawaykit/seaway/shared/fault"
)

// Operators see what was refused, by which route and from where, and nothing that a
// client has chosen.
func TestRefusalsAreRemembered(t *testing.T) {
	s := newTest(t, Options{Limits: Limits{PagesPerAddress: slow(1)}, TrustedProxies: []string{"127.0.0.1"}})
	Form(s, "/notes/{id}", write, func(*http.Request) (note, error) { return note{}, fault.New(fault.Conflict, "taken") })
	Serve(s, lists, ownOnly)
	url := serveTest(t, s)
	from := []string{"X-Forwarded-For", "203.0.113.77"}
	get := func(path string, header ...string) {
		ask(t, http.MethodGet, url+path, "", slices.Concat(from, header)...)
	}
	get("/events?topic=secret-1")
	get("/poll?topic=secret-2")
	get("/socket?topic=secret-3")
	get("/state?topic=live.list.secret-4")
	call(t, url, "secret.5", `{}`, from...)
	call(t, url, "live.echo", `{"secret-6":1}`, from...)
	call(t, url, "live.echo", `{}`, append(from, "Sec-Fetch-Site", "cross-site")...)
	ask(t, http.MethodPost, url+"/notes/secret-7", "text=secret-8", append(from, "Content-Type", "application/x-www-form-urlencoded")...)
	get("/reset/secret-9")
	get("/reset/secret-9")
	for range 2 {
		get("/reset/secret-9", "X-Forwarded-For", "2001:db8:1:2::3")
	}

	var got []string
	for _, r := range s.overview().Refusals {
		got = append(got, fmt.Sprintf("%s %s %d %s x%d", r.What, r.Code, r.Status, r.Network, r.Count))
		if r.Last.IsZero() || r.Last.Before(r.First) {
			t.Errorf("it was refused at %v", r.Last)
		}
	}
	slices.Reverse(got)
	want := []string{
		"/events forbidden 403 203.0.113.0/24 x1",
		"/poll forbidden 403 203.0.113.0/24 x1",
		"/socket forbidden 403 203.0.113.0/24 x1",
		"GET /state forbidden 403 203.0.113.0/24 x1",
		"/commands/ not_found 404 203.0.113.0/24 x1",
		"/commands/live.echo invalid 400 203.0.113.0/24 x1",
		"/commands/live.echo forbidden 403 203.0.113.0/24 x1",
		"POST /notes/{id} conflict 409 203.0.113.0/24 x1",
		"a page rate_limited 429 203.0.113.0/24 x1",
		"a page rate_limited 429 2001:db8:1::/48 x1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("refusals are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A flood of one refusal hides no others, and many different ones are bounded.
func TestRefusalsAreBounded(t *testing.T) {
	var f refusals
	at := time.Unix(1_800_000_000, 0)
	f.note(ops.Refusal{What: "/first", Code: fault.Forbidden}, at)
	for i := range 10 * maxRefusals {
		f.note(ops.Refusal{What: "/flood", Code: fault.RateLimited, Network: "192.0.2.0/24"}, at.Add(time.Duration(i)*time.Second))
	}
	list := f.list()
	if len(list) != 2 || list[0].Count != 10*maxRefusals || !list[0].First.Equal(at) || list[0].Last.Sub(at) != (10*maxRefusals-1)*time.Second || list[1].What != "/first" {
		t.Errorf("after a flood: %+v", list)
	}
	for i := range 10 * maxRefusals {
		f.note(ops.Refusal{What: "/poll", Network: fmt.Sprint(i)}, at)
	}
	if list := f.list(); len(list) != maxRefusals || list[0].Network != fmt.Sprint(10*maxRefusals-1) || cap(f.latest) > 4*maxRefusals {
		t.Errorf("%d are remembered, the latest is %+v", len(list), list[0])
	}
}

func TestAdminShowsThePage(t *testing.T) {
	s := newTest(t, Options{Version: "v9", Limits: Limits{StreamsPerIdentity: 7, Commands: access.Rate{PerSecond: 3, Burst: 8}}})
	Serve(s, lists, ownOnly)
	url := serveTest(t, s)
	resp, err := http.Get(url + "/events?topic=" + topic)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	call(t, url, "live.none", `{}`)
	admin := httptest.NewServer(s.Admin())
	defer admin.Close()
	_, body := ask(t, http.MethodGet, admin.URL+"/", "")
	for _, part := range []string{
		"Version v9", "<code>" + topic + "</code>", "Healthy", "Ready", "/commands/", "not_found", "127.0.0.0/24", "<code>live.list</code>", "3 a second, 8 at once",
		"<td>Streams of one identity</td><td>0</td><td>7</td>", "<td>Streams of one address</td><td>1</td><td>256</td>", "1 MB a second, 2 MB at once", "7\u00a0d",
	} {
		if !strings.Contains(body, part) {
			t.Errorf("the page lacks %q:\n%s", part, body)
		}
	}
}
