package e2e_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/sample/guest"
)

// userOf returns the guest whom the server takes the sender of cookies for, and the cookie
// that it sets: none if it knows the guest.
func (s *server) userOf(cookies string) (id string, set *http.Cookie) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/commands/guest.whoami", strings.NewReader("{}"))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if cookies != "" {
		req.Header.Set("Cookie", cookies)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	var g guest.Guest
	if err := json.NewDecoder(resp.Body).Decode(&g); err != nil || resp.StatusCode != 200 {
		s.t.Fatalf("whoami is answered with %d (%v)", resp.StatusCode, err)
	}
	if all := resp.Cookies(); len(all) > 0 {
		set = all[0]
	}
	return g.ID, set
}

// forge signs a session as the program does, of any user and any age.
func forge(key []byte, name, user string, begun time.Time) string {
	content := base64.URLEncoding.EncodeToString(fmt.Appendf(nil, "{\"u\":%q,\"b\":%d}\n", user, begun.Unix()))
	signed := fmt.Sprintf("%d|%s|", begun.Unix(), content)
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s|%s", name, strings.TrimSuffix(signed, "|"))
	return base64.URLEncoding.EncodeToString(append([]byte(signed), mac.Sum(nil)...))
}

// keyOf returns the key that signs a server's sessions.
func (s *server) keyOf() []byte {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.data, "session.key"))
	key, decodeErr := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || decodeErr != nil || len(key) != 32 {
		s.t.Fatalf("the key file holds %d bytes (%v, %v)", len(key), err, decodeErr)
	}
	return key
}

func TestAttackByForgedCookies(t *testing.T) {
	t.Parallel()
	s, elsewhere := startServer(t), startServer(t)
	ann, cookie := s.userOf("")
	_, bobs := s.userOf("")
	_, foreign := elsewhere.userOf("")
	key, now := s.keyOf(), time.Now()
	if got, set := s.userOf("seaway=" + forge(key, "seaway", ann, now)); got != ann || set != nil {
		t.Fatalf("the test is of no use: what it signs with the right key is %q's, want %q's", got, ann)
	}
	decoded, _ := base64.URLEncoding.DecodeString(cookie.Value)
	bob, _ := base64.URLEncoding.DecodeString(bobs.Value)
	pieces := func(b []byte) []string { return strings.SplitN(string(b), "|", 3) }
	join := func(parts ...string) string {
		return base64.URLEncoding.EncodeToString([]byte(strings.Join(parts, "|")))
	}
	flipped := []byte(cookie.Value)
	flipped[len(flipped)/2] ^= 1
	other := append([]byte{key[0] ^ 1}, key[1:]...)
	for name, value := range map[string]string{
		"of another server":      foreign.Value,
		"by another key":         forge(other, "seaway", ann, now),
		"by no key":              forge(nil, "seaway", ann, now),
		"for another name":       forge(key, "__Host-seaway", ann, now),
		"expired":                forge(key, "seaway", ann, now.Add(-366*24*time.Hour)),
		"of the year 1970":       forge(key, "seaway", ann, time.Unix(0, 0)),
		"of no user":             forge(key, "seaway", "", now),
		"one bit flipped":        string(flipped),
		"cut":                    cookie.Value[:len(cookie.Value)-1],
		"with more":              cookie.Value + "A",
		"ann's with bob's sign":  join(pieces(decoded)[0], pieces(decoded)[1], pieces(bob)[2]),
		"ann's of another time":  join(fmt.Sprint(now.Unix()+1), pieces(decoded)[1], pieces(decoded)[2]),
		"without its sign":       join(pieces(decoded)[0], pieces(decoded)[1], ""),
		"its content alone":      pieces(decoded)[1],
		"JSON":                   `{"u":"` + ann + `","b":` + fmt.Sprint(now.Unix()) + `}`,
		"the guest's id":         ann,
		"empty":                  "",
		"no base64":              "%%%|||",
		"oversized":              strings.Repeat("A", 40_000),
		"the right one, twice":   cookie.Value + cookie.Value,
		"the right one, escaped": strings.ReplaceAll(cookie.Value, "=", "%3D"),
	} {
		got, set := s.userOf("seaway=" + value)
		if got == ann || got == "" || set == nil {
			t.Errorf("%s: the server takes it for %q (ann is %q), and sets %v", name, got, ann, set)
		}
	}
	resp, _ := s.get("/poll?topic=user."+ann, "Cookie", "seaway="+string(flipped))
	if resp.StatusCode != 403 {
		t.Errorf("a forged cookie reads ann's inbox: %d", resp.StatusCode)
	}
	if logs := s.logs.String(); strings.Contains(logs, "level=ERROR") {
		t.Errorf("a cookie that is none is no error of the server's:\n%s", logs)
	}
}

// Whoever can set cookies of the host, as a sibling's pages can, signs nobody out, and in
// as nobody but themselves.
func TestAttackByManyCookies(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	ann, cookie := s.userOf("")
	mallory, own := s.userOf("")
	garbage := strings.Repeat("seaway=garbage; ", 49)
	for name, cookies := range map[string]string{
		"49 before hers":    garbage + "seaway=" + cookie.Value,
		"49 after hers":     "seaway=" + cookie.Value + "; " + strings.TrimSuffix(garbage, "; "),
		"a quoted one":      `seaway="x"; seaway=` + cookie.Value,
		"an empty one":      "seaway=; seaway=" + cookie.Value,
		"names like hers":   "Seaway=x; seaway2=y; __Host-seaway=" + own.Value + "; seaway=" + cookie.Value,
		"separators in one": "a=b;;; seaway=x=y; =; seaway=" + cookie.Value,
	} {
		if got, set := s.userOf(cookies); got != ann || set != nil {
			t.Errorf("%s: she is %q", name, got)
		}
	}
	if got, _ := s.userOf("seaway=" + own.Value); got != mallory {
		t.Errorf("the sibling's own cookie is %q's", got)
	}
}

// An id that somebody has chosen is no session, and over HTTPS a cookie that pages without
// it, or a sibling's, have planted is not read, though it is signed.
func TestAttackByFixation(t *testing.T) {
	t.Parallel()
	s := startServer(t, certificate(t)...)
	mallory, host := s.userOf("")
	if host == nil || host.Name != "__Host-seaway" || !host.Secure || host.Path != "/" || host.Domain != "" || !host.HttpOnly || host.SameSite != http.SameSiteLaxMode {
		t.Fatalf("the cookie is %v", host)
	}
	planted := forge(s.keyOf(), "seaway", mallory, time.Now()) // as the server itself sets it without TLS
	for name, cookies := range map[string]string{
		"an id":                     "seaway=" + mallory + "; __Host-seaway=" + mallory,
		"a cookie without TLS":      "seaway=" + planted,
		"its value by another name": "__Host-seaway=" + planted,
		"the other way round":       "seaway=" + host.Value,
		"below a path":              "__Secure-seaway=" + host.Value,
	} {
		if got, set := s.userOf(cookies); got == mallory || set == nil {
			t.Errorf("%s is a session of %q's", name, got)
		}
	}
}
