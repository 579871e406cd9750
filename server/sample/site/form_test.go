package site_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/sample/guest"
)

// fields returns what a browser would send of the form on a page: its hidden fields and
// those that are empty.
func fields(t *testing.T, page string) url.Values {
	t.Helper()
	form := regexp.MustCompile(`(?s)<form[^>]*method="post"[^>]*action="/room/lobby".*?</form>|<form[^>]*action="/room/lobby"[^>]*method="post".*?</form>`).FindString(page)
	if form == "" {
		t.Fatalf("the page has no form:\n%s", page)
	}
	all := url.Values{}
	for _, tag := range regexp.MustCompile(`<(?:input|textarea)[^>]*>`).FindAllString(form, -1) {
		name, value := regexp.MustCompile(`\bname="([^"]*)"`).FindStringSubmatch(tag), regexp.MustCompile(`\bvalue="([^"]*)"`).FindStringSubmatch(tag)
		all.Set(name[1], strings.Join(append(value, "")[min(1, len(value)):], ""))
	}
	return all
}

// submit fills in and sends the lobby's form, and returns the page that follows.
func (b *browser) submit(change map[string]string, headers ...string) (*http.Response, string) {
	b.rig.t.Helper()
	_, page := b.get("/room/lobby")
	form := fields(b.rig.t, page)
	for name, value := range change {
		form.Set(name, value)
	}
	return b.do("POST", "/room/lobby", []byte(form.Encode()), append([]string{
		"Content-Type", "application/x-www-form-urlencoded", "Origin", b.rig.url, "Sec-Fetch-Site", "same-origin",
	}, headers...)...)
}

func TestFormPostsWithoutAProgramAndComesBackToTheRoom(t *testing.T) {
	r := newRig(t)
	b := r.newBrowser()
	resp, page := b.submit(map[string]string{"text": "first\r\nsecond <b>"})
	if resp.StatusCode != http.StatusOK || resp.Request.URL.Path != "/room/lobby" || !strings.Contains(page, "first\nsecond &lt;b&gt;") {
		t.Errorf("the answer is %d of %s:\n%s", resp.StatusCode, resp.Request.URL, page)
	}
	if !regexp.MustCompile(`>Guest [A-Z2-7]{4}<`).MatchString(page) {
		t.Errorf("a guest without a name has none:\n%s", page)
	}
	// The name that is filled in is the guest's from then on.
	if _, page = b.submit(map[string]string{"text": "third", "author": "Ann"}); !strings.Contains(page, ">Ann<") {
		t.Errorf("the page has no name:\n%s", page)
	}
	if got := call(b, guest.Whoami, guest.WhoamiRequest{}, ""); got.Name != "Ann" {
		t.Errorf("the guest is %+v", got)
	}
	if _, page = b.submit(map[string]string{"text": "fourth"}); strings.Count(page, ">Ann<") < 2 {
		t.Errorf("the name is not kept:\n%s", page)
	}
	// The same text again is another message, since the page has changed.
	if _, page = b.submit(map[string]string{"text": "fourth"}); strings.Count(page, ">fourth</p>") != 2 {
		t.Errorf("it is there %d times", strings.Count(page, ">fourth</p>"))
	}
}

func TestFormThatCannotBePostedComesBackWithItsText(t *testing.T) {
	r := newRig(t)
	b := r.newBrowser()
	resp, page := b.submit(map[string]string{"text": "kept", "author": strings.Repeat("x", 80)})
	if resp.StatusCode != 422 && resp.StatusCode != 400 || !strings.Contains(page, "kept</textarea>") || !strings.Contains(page, "The name is longer than") {
		t.Errorf("got %d:\n%s", resp.StatusCode, page)
	}
	if resp, page = b.submit(map[string]string{"text": " "}); resp.StatusCode < 400 || !strings.Contains(page, "The text is empty") {
		t.Errorf("got %d:\n%s", resp.StatusCode, page)
	}
	if resp, _ = b.submit(map[string]string{"text": "x"}, "Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("another site's form gets %d", resp.StatusCode)
	}
	if _, page = b.get("/room/lobby"); strings.Contains(page, "<article") {
		t.Errorf("something was posted:\n%s", page)
	}
}
