//go:build !js

package goapp

import (
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

type linked struct{ app.Compo }

func (l *linked) OnNav(ctx app.Context) {
	ctx.Page().SetImage("/web/picture.png")
	ctx.Page().SetCanonicalLink("/linked")
}

func (l *linked) Render() app.UI {
	return app.Div().DataSet("href", "/data").Title(`is at href=`+Attr(`"/title`)).Body(
		app.A().Href("/room").Text(` href="/text" `),
		app.A().Href("/app/kept"), app.A().Href("//other.example/x"), app.A().Href("https://other.example/y"), app.A().Href("#here"), app.A().Href("relative"),
		app.Form().Action("/post"), app.Img().Src("/web/a.png"), app.Elem("video").Attr("poster", "/web/b.png"),
		app.Script().Type("application/json").Text(`{"a":" href=\"/json","b":"/json"}`),
	)
}

func init() { app.Route("/linked", func() app.Composer { return &linked{} }) }

// siteAt returns the handler of pages of a site.
func siteAt(root string) func(path string) string {
	h := Handler(Options{Name: `a "src":"/x`, Icon: app.Icon{SVG: "/web/icon.svg"}, Assets: Assets{URL: func(path string) string { return path + "?v=1" }, Root: root, Version: "v1"}})
	return func(path string) string { return fetch(h, path).Body.String() }
}

func TestPageNamesAddressesBelowThePrefix(t *testing.T) {
	page := siteAt("https://www.example/app/")("/linked")
	for _, want := range []string{
		`href="/app/room"`, `href="/app/kept"`, `href="//other.example/x"`, `href="https://other.example/y"`, `href="#here"`, `href="relative"`,
		`action="/app/post"`, `src="/app/web/a.png?v=1"`, `poster="/app/web/b.png"`, `data-href="/data"`, `href=&#34;/text&#34;`, `href=&#34;/title`,
		`href="/app/manifest.webmanifest"`, `src="/app/app.js?v=`, `href="/app/app.css?v=`,
		`"https://www.example/app/linked" property="og:url"`, `"https://www.example/app/web/picture.png?v=1"`, `href="https://www.example/app/linked"`,
	} {
		if !strings.Contains(page, want) && !strings.Contains(page, swapped(want)) {
			t.Errorf("it lacks %s: %s", want, page)
		}
	}
	if strings.Contains(page, "/app/app/") || strings.Contains(page, "https:///") || strings.Contains(page, `"/app/json`) {
		t.Errorf("it has an address that is none: %s", page)
	}
}

// swapped is a tag's pair of attributes in the other order: go-app has none.
func swapped(pair string) string {
	value, property, ok := strings.Cut(pair, " ")
	if !ok {
		return pair
	}
	return property + " content=" + value
}

func TestPageAtTheRootNamesItsHostIfItIsKnown(t *testing.T) {
	for root, want := range map[string]bool{"https://www.example/": true, "http://www.example:8000/": true, "/": false, "": false} {
		page := siteAt(root)("/linked")
		if got := strings.Contains(page, `"`+root+`linked"`) && root != "" && root != "/"; got != want {
			t.Errorf("%q: that it names its address is %v: %s", root, got, page)
		}
		if strings.Contains(page, "https:///") || !strings.Contains(page, `href="/room"`) {
			t.Errorf("%q: it has an address that is none: %s", root, page)
		}
	}
}

func TestGeneratedFilesAreBelowThePrefix(t *testing.T) {
	for root, prefix := range map[string]string{"/": "", "/app/": "/app", "https://www.example/a/b/": "/a/b"} {
		get := siteAt(root)
		if got := get("/manifest.webmanifest"); !strings.Contains(got, `"scope":"`+prefix+`/","start_url":"`+prefix+`/"`) || strings.Count(got, `"src":"`+prefix+`/web/icon.svg?v=1"`) != 4 || !strings.Contains(got, `"name":"a \"src\":\"/x"`) {
			t.Errorf("%s: the manifest is %s", root, got)
		}
		worker := get("/app-worker.js")
		_, list, _ := strings.Cut(worker, listed)
		list, _, _ = strings.Cut(list, "\n")
		if strings.Count(list, `"`+prefix+"/") != strings.Count(list, `"`)/2 || !strings.Contains(list, `"`+prefix+`/"`) || prefix != "" && strings.Contains(list, prefix+prefix+"/") {
			t.Errorf("%s: the worker keeps %s", root, list)
		}
		if got := get("/app.js"); !strings.Contains(got, `"`+prefix+`/app-worker.js"`) || !strings.Contains(got, `"GOAPP_ROOT_PREFIX":"`+prefix+`/"`) {
			t.Errorf("%s: the start is %s", root, got[:1500])
		}
	}
}
