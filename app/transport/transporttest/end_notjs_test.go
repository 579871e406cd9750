//go:build !js

package transporttest

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
)

func post(t *testing.T, url, body string) string {
	t.Helper()
	resp, err := http.Post(url, "", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("%s: %s, %v, %s", url, resp.Status, err, text)
	}
	return string(text)
}

func TestMuteAnswerHasNoHead(t *testing.T) {
	for _, c := range []struct {
		then string
		want error
	}{{"cut", io.EOF}, {"reset", syscall.ECONNRESET}} {
		base := serve(t, `[{"Mute": true, "Then": "`+c.then+`"}]`)
		if _, err := http.Get(base + "/stream"); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.then, err, c.want)
		}
	}
}

func TestAnswerIsResetAfterItsParts(t *testing.T) {
	base := serve(t, `[{"Parts": ["half"], "Await": true, "Then": "reset"}]`)
	resp, err := http.Get(base + "/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	half := make([]byte, 4)
	if _, err := io.ReadFull(resp.Body, half); err != nil {
		t.Fatal(err)
	}
	if r := reported(t, base+"/report?requests=1&open=1"); r.Open != 1 {
		t.Errorf("the answer did not await a word: %+v", r)
	}
	post(t, base+"/proceed", "")
	if _, err := resp.Body.Read(half); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("after the parts: %v", err)
	}
}

func TestHeadOfAnAnswer(t *testing.T) {
	base := serve(t, `[{"Status": 307, "Location": "stream?moved", "AllowOrigin": "*", "Then": "finish"}, {"Then": "finish", "Parts": ["a", "b"], "Every": 30}, {"Then": "finish"}]`)
	resp, _, _ := get(t, base+"/stream")
	if resp.Request.URL.RawQuery != "moved" || resp.Request.Response.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("led to %s by %v", resp.Request.URL, resp.Request.Response)
	}
	get(t, base+"/stream")
	r := reported(t, base+"/report")
	if r.Requests[0].Gap != 0 || r.Requests[2].Gap < 60 { // two parts, each after 30 ms
		t.Errorf("the requests are %+v", r.Requests)
	}
}

func TestDoorIsShutAndOpenedAgain(t *testing.T) {
	base := serve(t, `[{"Parts": ["half"], "Then": "shut"}, {"Parts": ["whole"], "Then": "finish"}]`)
	path := base[strings.Index(base, Prefix):] + "/stream"
	origin := post(t, base+"/door", "")
	if _, body, err := get(t, origin+path); body != "half" || err != io.ErrUnexpectedEOF {
		t.Errorf("read %q, %v", body, err)
	}
	if _, err := http.Get(origin + path); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("behind the shut door: %v", err)
	}
	if again := post(t, base+"/door", ""); again != origin {
		t.Errorf("the door was at %s and is at %s", origin, again)
	}
	if _, body, err := get(t, origin+path); body != "whole" || err != nil {
		t.Errorf("behind the open door: %q, %v", body, err)
	}
}

func TestWorkerIsTheHandlersWithSomethingBeforeIt(t *testing.T) {
	handler := NewHandler()
	handler.Worker = "after();\n"
	base := serveBy(t, handler, `[{}]`)
	post(t, base+"/worker", "before();\n")
	if _, text, _ := get(t, base+"/worker.js"); text != "before();\nafter();\n" {
		t.Errorf("the worker is %s", text)
	}
}
