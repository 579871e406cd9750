package site_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/sample/site"
	"github.com/seawaykit/seaway/server/session"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

func TestPageMakesAGuestOnce(t *testing.T) {
	r := newRig(t)
	b := r.newBrowser()
	resp, _ := b.get("/")
	cookie := resp.Header.Get("Set-Cookie")
	for _, want := range []string{"seaway=", "Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=31536000"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie %q lacks %s", cookie, want)
		}
	}
	if strings.Contains(cookie, "Secure") {
		t.Errorf("without TLS a browser would drop %q", cookie)
	}
	first := call(b, guest.Whoami, guest.WhoamiRequest{}, "")
	if !regexp.MustCompile(`^[A-Za-z0-9]{16}$`).MatchString(first.ID) {
		t.Errorf("the guest's ID is %q", first.ID)
	}
	resp, _ = b.get("/")
	if again := resp.Header.Get("Set-Cookie"); again != "" {
		t.Errorf("a guest is given another cookie: %q", again)
	}
	if again := call(b, guest.Whoami, guest.WhoamiRequest{}, ""); again != first {
		t.Errorf("it is %v, then %v", first, again)
	}
	if other := r.newGuest(); other.guest == first.ID {
		t.Error("two browsers are one guest")
	}
}

func TestCookieIsSecureOverTLS(t *testing.T) {
	r := newRig(t)
	tls := httptest.NewTLSServer(r.site.Handler())
	defer tls.Close()
	resp, err := tls.Client().Get(tls.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if cookie := resp.Header.Get("Set-Cookie"); !strings.Contains(cookie, "; Secure") || !strings.HasPrefix(cookie, "__Host-seaway=") {
		t.Errorf("the cookie is %q", cookie)
	}
}

// The check of the whole way: the flag, the proxy's word, the cookie.
func TestCookieIsSecureBehindATrustedProxyOnly(t *testing.T) {
	for _, trusted := range [][]string{nil, {"127.0.0.1/32"}, {"10.0.0.0/8"}} {
		r := newRig(t, func(o *site.Options) { o.Live.TrustedProxies = trusted })
		for proto, want := range map[string]bool{"https": true, "http": false, "": false} {
			resp, _ := r.newBrowser().get("/", "X-Forwarded-Proto", proto)
			want = want && trusted != nil && trusted[0] == "127.0.0.1/32"
			cookie := resp.Header.Get("Set-Cookie")
			if got := strings.Contains(cookie, "; Secure"); got != want || strings.HasPrefix(cookie, "__Host-") != want {
				t.Errorf("proxies %q, %q: the cookie is %q", trusted, proto, cookie)
			}
		}
		r.end()
	}
}

// Only a page and guest.whoami set it: everything else may be cached or is asked
// for by programs.
func TestCookieIsSetByNothingElse(t *testing.T) {
	r := newRig(t)
	for _, path := range []string{"/app.js", "/manifest.webmanifest", "/robots.txt", "/web/app.css", "/nowhere", "/events", "/poll?topic=clock", "/commands/guest.whoami"} {
		if resp, _ := r.program().get(path); resp.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d, %q", path, resp.StatusCode, resp.Header.Get("Set-Cookie"))
		}
	}
	if resp, _ := r.program().do(http.MethodHead, "/", nil); resp.Header.Get("Set-Cookie") != "" {
		t.Error("a HEAD makes a guest")
	}
	// A browser sends no Lax cookie with a post from elsewhere: an answer with a
	// new one would take the guest's identity.
	resp, _ := r.program().do(http.MethodPost, "/commands/guest.whoami", []byte("{}"), "Content-Type", "application/json", "Sec-Fetch-Site", "cross-site")
	if resp.StatusCode != 403 || resp.Header.Get("Set-Cookie") != "" {
		t.Errorf("from another site: %d, %q", resp.StatusCode, resp.Header.Get("Set-Cookie"))
	}
}

func TestWhoamiMakesAGuest(t *testing.T) {
	r := newRig(t)
	b := r.newBrowser()
	first := call(b, guest.Whoami, guest.WhoamiRequest{}, "")
	if again := call(b, guest.Whoami, guest.WhoamiRequest{}, ""); first.ID == "" || again != first {
		t.Errorf("it is %v, then %v", first, again)
	}
}

// A cookie that is not this server's is ignored: no request is refused for it,
// it gives no identity, and a page replaces it.
func TestCookieThatIsForgedIsNoIdentity(t *testing.T) {
	r := newRig(t)
	real := signed(t, testKey)
	for name, value := range map[string]string{
		"garbage":      "x",
		"forged":       real[:len(real)-4] + "AAAA",
		"a foreign":    signed(t, bytes.Repeat([]byte("f"), 32)),
		"one cut off":  real[:len(real)/2],
		"an empty one": "",
	} {
		if got := named(r, value); got == forger || got == "" {
			t.Errorf("%s: the caller is taken for %q", name, got)
		}
		resp, _ := r.program().get("/", "Cookie", "seaway="+value)
		if resp.StatusCode != 200 || resp.Header.Get("Set-Cookie") == "" {
			t.Errorf("%s: the page is answered %d, cookie %q", name, resp.StatusCode, resp.Header.Get("Set-Cookie"))
		}
	}
	if got := named(r, real); got != forger {
		t.Errorf("a real one: the caller is taken for %q", got)
	}
}

// forger is the guest of every cookie that signed makes.
const forger = "AAAABBBBCCCCDDDD"

// named returns whom the server takes the bearer of a cookie for.
func named(r *rig, cookie string) string {
	b := r.program()
	b.client.Transport = withCookie("seaway=" + cookie)
	return call(b, guest.Whoami, guest.WhoamiRequest{}, "").ID
}

// withCookie adds a cookie to every request.
type withCookie string

func (c withCookie) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Cookie", string(c))
	return http.DefaultTransport.RoundTrip(r)
}

// signed returns a cookie's value as a server with the key makes it.
func signed(t *testing.T, key []byte) string {
	t.Helper()
	sessions, err := session.New(session.Options{Keys: [][]byte{key}, Name: "seaway"})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := sessions.SignIn(w, httptest.NewRequest("GET", "/", nil), forger); err != nil {
		t.Fatal(err)
	}
	return w.Result().Cookies()[0].Value
}

// Every node with the key knows every guest, and so does the same after a
// restart.
func TestGuestIsKnownWhereverTheKeyIs(t *testing.T) {
	r := newRig(t)
	b := r.newGuest()
	other := newRig(t, func(o *site.Options) { o.Log = r.log })
	otherKey := newRig(t, func(o *site.Options) { o.SessionKeys = nil })
	cookies := b.client.Jar.Cookies(mustURL(t, r.server.URL))
	for name, c := range map[string]struct {
		rig  *rig
		same bool
	}{"the same key": {other, true}, "another key": {otherKey, false}} {
		there := c.rig.program()
		there.client.Transport = withCookie(cookies[0].String())
		caller := call(there, guest.Whoami, guest.WhoamiRequest{}, "")
		if (caller.ID == b.guest) != c.same {
			t.Errorf("%s: %s is %s", name, b.guest, caller.ID)
		}
	}
}
