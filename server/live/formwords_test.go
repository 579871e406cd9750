package live

import (
	"net/http"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/fault"
)

func TestRefusedFormIsInTheWordsOfItsUser(t *testing.T) {
	s := newForms(t)
	s.opts.FormWords = func(r *http.Request) *FormWords {
		return &FormWords{
			Language: r.Header.Get("Accept-Language"), Title: "Nicht gesendet", SendAgain: "Nochmals", Back: "Zurück",
			Label: func(field string) string { return "Feld " + field }, Reason: func(e *fault.Error) string { return string(e.Code) },
		}
	}
	resp := post(s, "/", "text=a", "Accept-Language", "de")
	page := responseText(t, resp)
	for _, want := range []string{`<html lang="de">`, "<title>Nicht gesendet</title>", "<h1>Nicht gesendet</h1>", `<p role="alert">forbidden</p>`, "Feld text<textarea", ">Nochmals<", ">Zurück<"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s:\n%s", want, page)
		}
	}
	if resp.Header.Get("Content-Language") != "de" {
		t.Errorf("it is in %q", resp.Header.Get("Content-Language"))
	}
}
