//go:build !js

package transporttest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// serve serves a script under the name s.
func serve(t *testing.T, script string) (base string) {
	t.Helper()
	return serveBy(t, NewHandler(), script)
}

// serveBy does it with a handler of the test's own.
func serveBy(t *testing.T, handler *Handler, script string) (base string) {
	t.Helper()
	t.Cleanup(handler.Close)
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	base = srv.URL + Prefix + "s"
	resp, err := http.Post(base, "", strings.NewReader(script))
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("set a script: %v, %v", resp, err)
	}
	return base
}

func get(t *testing.T, url string) (*http.Response, string, error) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, string(body), err
}

func reported(t *testing.T, url string) (r Report) {
	t.Helper()
	_, body, err := get(t, url)
	if err == nil {
		err = json.Unmarshal([]byte(body), &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRequestGetsTheNextAnswer(t *testing.T) {
	base := serve(t, `[
		{"Status": 503, "Then": "finish"},
		{"Type": "text/html", "Parts": ["a", "b"], "Then": "finish"},
		{"Parts": ["c"], "Then": "finish"}]`)
	for request, want := range []string{"503 text/event-stream ", "200 text/html ab", "200 text/event-stream c", "200 text/event-stream c"} {
		resp, body, err := get(t, base+"/stream?request="+fmt.Sprint(request))
		if got := fmt.Sprint(resp.StatusCode, " ", resp.Header.Get("Content-Type"), " ", body); got != want || err != nil {
			t.Errorf("request %d: %q, %v, want %q", request, got, err, want)
		}
	}
	r := reported(t, base+"/report?requests=4&open=0")
	if len(r.Requests) != 4 || r.Requests[3].Query != "request=3" || r.Open != 0 {
		t.Errorf("the report is %+v", r)
	}
}

func TestCutAnswerIsNotComplete(t *testing.T) {
	base := serve(t, `[{"Parts": ["half"], "Then": "cut"}]`)
	_, body, err := get(t, base+"/stream")
	if body != "half" || err != io.ErrUnexpectedEOF {
		t.Errorf("read %q, %v, want half and %v", body, err, io.ErrUnexpectedEOF)
	}
}

func TestAnswerIsHeldUntilTheClientGoes(t *testing.T) {
	base := serve(t, `[{}]`)
	resp, err := http.Get(base + "/stream")
	if err != nil {
		t.Fatal(err)
	}
	if r := reported(t, base+"/report?requests=1&open=1"); r.Open != 1 {
		t.Errorf("the report is %+v while the answer is held", r)
	}
	resp.Body.Close()
	if r := reported(t, base+"/report?open=0"); r.Open != 0 {
		t.Errorf("the report is %+v after the client went", r)
	}
}

func TestTextThatIsNoScript(t *testing.T) {
	srv := httptest.NewServer(NewHandler())
	defer srv.Close()
	for _, body := range []string{"", "{}", "[]"} {
		resp, err := http.Post(srv.URL+Prefix+"s", "", strings.NewReader(body))
		if err != nil || resp.StatusCode != 400 {
			t.Errorf("a script %q: %v, %v", body, resp.Status, err)
		}
	}
	if resp, _, _ := get(t, srv.URL+Prefix+"s/stream"); resp.StatusCode != 404 {
		t.Errorf("a stream without a script: %s", resp.Status)
	}
}
