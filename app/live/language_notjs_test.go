//go:build !js

package live

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A translatedPage shows its language, and lets its reader choose another.
type translatedPage struct {
	app.Compo
	*rig
	tag string
}

func (p *translatedPage) OnInit() {
	p.rig, p.tag = newRig(Options{Words: german()}), PageLanguage()
	p.Init()
}

func (p *translatedPage) Render() app.UI {
	renders.Add(1)
	return p.Shell(app.P().Text("drawn in "+p.tag), app.P().Text(strings.Join(p.shown, " ")), LanguageSwitch(german(), threeLanguages(), `/translated?"<`))
}

func german() *Words {
	w := English
	w.Connecting, w.Busy, w.Language = "verbinde", "Der Server ist ausgelastet.", "Sprache"
	return &w
}

func threeLanguages() []Language {
	return []Language{{Tag: "en", Name: "English"}, {Tag: "de", Name: "Deutsch", Words: german()}, {Tag: "zh-CN", Name: "中文"}}
}

func newTranslatedViewer(t *testing.T, change func(*Site)) *viewer {
	return newViewer(t, func(s *Site) {
		if s.Languages = threeLanguages(); change != nil {
			change(s)
		}
	})
}

func TestLanguageIsTheOneThatTheRequestAsksFor(t *testing.T) {
	all := languages(threeLanguages()).withDefaults()
	for header, want := range map[string]string{
		"":                            "en",
		"de":                          "de",
		"DE-at, en;q=0.9":             "de",
		"zh-CN,zh;q=0.9,en;q=0.8":     "zh-CN",
		"zh":                          "zh-CN",
		"zh-TW":                       "zh-CN",
		"zh-Hans-CN":                  "zh-CN",
		"en;q=0.2, de;q=0.3":          "de",
		"en; q=0.3 , de ;q=0.2":       "en",
		"fr, it;q=0.9":                "en",
		"fr, *;q=0.5, de;q=0.4":       "en",
		"de;q=0":                      "en",
		"de;q=x, zh;q=2, zh;q=NaN":    "en",
		"d, zhx, e":                   "en",
		";q=1,,-,--;q=0.5, de;q=.001": "de",
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Language", header)
		if got := all.of(r).Tag; got != want {
			t.Errorf("%q gets %s, want %s", header, got, want)
		}
		for cookie, want := range map[string]string{"de": "de", "ZH-cn": "zh-CN", "fr": want, "": want} {
			r := r.Clone(t.Context())
			r.AddCookie(&http.Cookie{Name: languageCookie, Value: cookie})
			if got := all.of(r).Tag; got != want {
				t.Errorf("%q with the cookie %q gets %s, want %s", header, cookie, got, want)
			}
		}
	}
}

func TestPagesAreDrawnAndKeptInEachLanguage(t *testing.T) {
	v := newTranslatedViewer(t, nil)
	v.host.publish("notes", "alpha")
	tags := map[string]bool{}
	for _, draws := range []int64{1, 0} {
		for _, tag := range []string{"en", "de", "zh-CN"} {
			w := v.get("/translated", "Accept-Language", tag)
			v.expect(tag, w, draws, `<html lang="`+tag+`"`)
			if !strings.Contains(w.Body.String(), "drawn in "+tag) || !strings.Contains(w.Body.String(), "alpha") {
				t.Errorf("the page in %s is %s", tag, w.Body)
			}
			if got := w.Header().Get("Content-Language"); got != tag {
				t.Errorf("the page in %s is called %q", tag, got)
			}
			if vary := strings.Join(w.Header().Values("Vary"), ", "); !strings.Contains(vary, "Accept-Language, Cookie") {
				t.Errorf("it varies by %q", vary)
			}
			tags[w.Header().Get("ETag")] = true
			if w := v.get("/translated", "Accept-Language", tag, "If-None-Match", w.Header().Get("ETag")); w.Code != 304 || !strings.Contains(strings.Join(w.Header().Values("Vary"), ", "), "Cookie") {
				t.Errorf("again it is answered %d, and varies by %q", w.Code, w.Header().Values("Vary"))
			}
		}
	}
	if len(tags) != 3 {
		t.Errorf("three pages have the ETags %v", tags)
	}
	v.expect("with a query", v.get("/translated?x", "Accept-Language", "de"), 1, "drawn in de")
}

func TestPagesThatAreNotKeptHaveALanguage(t *testing.T) {
	v := newTranslatedViewer(t, func(s *Site) { s.MaxAge = -1 })
	for range 2 {
		v.expect("a page", v.get("/translated", "Accept-Language", "de"), 1, `lang="de"`)
	}
}

func TestPagesOfOneLanguageDoNotVary(t *testing.T) {
	v := newViewer(t, nil)
	w := v.get("/translated", "Accept-Language", "de")
	v.expect("in English", w, 1, "drawn in en")
	if w.Header().Get("Vary") != "Accept-Encoding" || w.Header().Get("Content-Language") != "en" {
		t.Errorf("the headers are %v", w.Header())
	}
	single := newViewer(t, func(s *Site) { s.Languages = threeLanguages()[2:] })
	single.expect("in Chinese", single.get("/translated"), 1, `<html lang="zh-CN"`)
}

func TestPagesWordsAreOfTheirLanguage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newTranslatedViewer(t, func(s *Site) { s.Limits.Drawing, s.Limits.Wait = 1, 1 })
		page := v.get("/translated").Body.String()
		for _, want := range []string{">verbinde<", `action="/language"`, `aria-label="Sprache"`, `lang="de"`, `value="de"`, ">中文<", `value="/translated?&#34;&#60;"`} {
			if !strings.Contains(page, want) {
				t.Errorf("the page has no %s: %s", want, page)
			}
		}
		if strings.Contains(page, ">English<") {
			t.Error("it offers its own language")
		}
		gate := make(chan struct{})
		v.host.set(func() { v.host.gate = gate })
		v.host.publish("notes", "new")
		done := make(chan struct{})
		go func() { defer close(done); v.get("/translated") }()
		synctest.Wait()
		if w := v.get("/translated", "Accept-Language", "de"); w.Code != 503 || !strings.Contains(w.Body.String(), "ausgelastet") {
			t.Errorf("a server without time answers %d %s", w.Code, w.Body)
		}
		close(gate)
		<-done
	})
}

func TestChoiceOfALanguageIsKeptInACookie(t *testing.T) {
	v := newTranslatedViewer(t, nil)
	choose := func(form url.Values) *http.Response {
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "https://pages.example"+LanguagePath+"?"+form.Encode(), nil)
		v.ServeHTTP(w, r)
		return w.Result()
	}
	resp := choose(url.Values{languageField: {"ZH-cn"}, backField: {"/translated"}})
	if resp.StatusCode != 303 || resp.Header.Get("Location") != "/translated" {
		t.Fatalf("answered %d to %q", resp.StatusCode, resp.Header.Get("Location"))
	}
	c := resp.Cookies()
	if len(c) != 1 || c[0].Value != "zh-CN" || c[0].Path != "/" || c[0].MaxAge < 300*24*3600 || !c[0].HttpOnly || !c[0].Secure || c[0].SameSite != http.SameSiteLaxMode {
		t.Fatalf("the cookie is %v", c)
	}
	v.expect("with the cookie", v.get("/translated", "Cookie", c[0].Name+"="+c[0].Value, "Accept-Language", "de"), 1, "drawn in zh-CN")

	if resp := choose(url.Values{languageField: {"xx"}, backField: {"/translated"}}); resp.StatusCode != 303 || len(resp.Cookies()) != 0 {
		t.Errorf("an unknown language is answered %d with %v", resp.StatusCode, resp.Cookies())
	}
	for back, want := range map[string]string{
		"": "/", "//other.example/x": "/other.example/x", `/\other.example`: "/other.example", `\\other`: "/other",
		"https://other.example/": "/https://other.example/", "/\t/other.example": "/%09/other.example", "/a\r\nb": "/a%0D%0Ab", "javascript:x": "/javascript:x", "/房间": "/%E6%88%BF%E9%97%B4",
	} {
		if resp := choose(url.Values{languageField: {"de"}, backField: {back}}); resp.Header.Get("Location") != want {
			t.Errorf("back to %q leads to %q, want %q", back, resp.Header.Get("Location"), want)
		}
	}
}
