package site_test

import (
	"compress/gzip"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestPagesAreCompressedForClientsThatAcceptIt(t *testing.T) {
	r := newRig(t)
	b := r.newGuest()
	b.client.Transport = &http.Transport{DisableCompression: true} // or the client would unpack
	_, plain := b.get("/room/lobby")
	if !strings.Contains(plain, "</html>") {
		t.Fatalf("the page is %.200q", plain)
	}
	for accept, packed := range map[string]bool{
		"gzip": true, "gzip, deflate, br, zstd": true, "deflate, gzip": true, "br;q=1, gzip; q=0.5": true, "GZIP": true, "x-gzip": true,
		"": false, "br": false, "deflate": false, "identity": false, "gzip;q=0": false, "gzip; q=0, br": false, "gzip;q=x": false, "*": true, "gzip;q=0.5, identity": false,
	} {
		resp, body := b.get("/room/lobby", "Accept-Encoding", accept)
		coding := resp.Header.Get("Content-Encoding")
		if (coding == "gzip") != packed || (coding != "" && coding != "gzip") {
			t.Errorf("%q is answered in %q", accept, coding)
		}
		if coding == "gzip" {
			body = unpacked(t, body)
		}
		if len(body) < len(plain)/2 || !strings.Contains(body, "</html>") {
			t.Errorf("%q gets %d bytes of %d", accept, len(body), len(plain))
		}
		for name, want := range map[string]string{
			"Content-Type": "text/html; charset=utf-8", "Vary": "Accept-Encoding, Accept-Language, Cookie", "Cache-Control": "no-cache",
		} {
			if got := strings.Join(resp.Header.Values(name), ", "); got != want {
				t.Errorf("%q: %s is %q, want %q", accept, name, got, want)
			}
		}
		if resp.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%q: there is no policy", accept)
		}
		// Of its content, if it has one, in whatever encoding: not go-app's, of the version.
		if tag := resp.Header.Get("ETag"); tag != "" && !strings.HasPrefix(tag, `W/"`) {
			t.Errorf("%q: the page's ETag is %s", accept, tag)
		}
	}
}

func unpacked(t *testing.T, body string) string {
	t.Helper()
	z, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Responses that are compressed already or never end are not compressed.
func TestCompressionLeavesOutEverythingElse(t *testing.T) {
	r := newRig(t)
	b := r.newGuest()
	b.client.Transport = &http.Transport{DisableCompression: true}
	for _, path := range []string{"/robots.txt", "/sse", "/poll?topic=clock", "/commands/x"} {
		if resp, _ := b.do(http.MethodHead, path, nil, "Accept-Encoding", "gzip"); resp.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s is answered in %q", path, resp.Header.Get("Content-Encoding"))
		}
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+"/events?topic=clock", nil)
	req.Header.Set("Accept-Encoding", "gzip")
	resp, err := b.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if first, _ := io.ReadAll(io.LimitReader(resp.Body, 5)); resp.Header.Get("Content-Encoding") != "" || string(first) != "retry" {
		t.Errorf("a stream is answered in %q and begins with %q", resp.Header.Get("Content-Encoding"), first)
	}
	etag := ""
	if resp, _ := b.get("/app.js"); resp.Header.Get("ETag") != "" {
		etag = resp.Header.Get("ETag")
	}
	if resp, body := b.get("/app.js", "If-None-Match", etag, "Accept-Encoding", "gzip"); resp.StatusCode != 304 || body != "" {
		t.Errorf("/app.js with its ETag: %d, %d bytes", resp.StatusCode, len(body))
	}
}

func TestHeadOfAPageHasNoBody(t *testing.T) {
	r := newRig(t)
	b := r.newGuest()
	b.client.Transport = &http.Transport{DisableCompression: true}
	get, _ := b.get("/dashboard", "Accept-Encoding", "gzip")
	head, body := b.do(http.MethodHead, "/dashboard", nil, "Accept-Encoding", "gzip")
	for _, h := range []http.Header{get.Header, head.Header} {
		h.Del("Date")
		h.Del("Content-Length") // which a HEAD need not have
	}
	if head.StatusCode != 200 || body != "" || !maps.EqualFunc(get.Header, head.Header, slices.Equal) {
		t.Errorf("status %d, %d bytes, %v; a GET has %v", head.StatusCode, len(body), head.Header, get.Header)
	}
	if resp, _ := b.do(http.MethodPost, "/dashboard", []byte("x"), "Accept-Encoding", "gzip"); resp.StatusCode != 405 || resp.Header.Get("Content-Encoding") != "" {
		t.Errorf("a post to a page: status %d, in %q", resp.StatusCode, resp.Header.Get("Content-Encoding"))
	}
}
