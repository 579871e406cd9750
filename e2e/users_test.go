package e2e_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// morePages lets the address of a page choose its transport, and adds pages that a user
// goes between.
const morePages = `package page

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/transport"
)

func pick(o *source.Options) {
	switch app.Window().URL().Query().Get("transport") {
	case "longpoll":
		o.Transport = transport.LongPoll{}
	case "websocket":
		o.Transport = &transport.WebSocket{}
	}
}

func init() {
	Routes["/shelf/{name}"] = func(r live.Request) app.Composer { return &shelf{name: r.PathValue("name")} }
	Routes["/mine/{name}"] = func(r live.Request) app.Composer { return &shelf{name: Me.Of(r).Name + " at " + r.PathValue("name")} }
	Routes[live.NotFound] = func(r live.Request) app.Composer { return &shelf{name: "nothing at " + r.Path()} }
}

type shelf struct {
	app.Compo
	name, shown string
}

func (s *shelf) OnInit() { s.shown = "This is " + s.name + "." }

func (s *shelf) goOn(ctx app.Context, _ app.Event) { live.Navigate(ctx, "/shelf/green?from=here") }

func (s *shelf) Render() app.UI {
	return app.Main().Body(app.P().ID("shelf").Text(s.shown), app.Button().ID("go").OnClick(s.goOn), app.Range([]string{"/shelf/red", "/shelf/blue%20one", "/mine/red", "/nowhere"}).Slice(func(i int) app.UI {
		to := []string{"/shelf/red", "/shelf/blue%20one", "/mine/red", "/nowhere"}[i]
		return app.A().Href(to).ID("to" + to).Text(to)
	}))
}
`

// goesFromPageToPage follows links to pages with a value in their path: those that are the
// same for everyone are drawn by the program, a private one is loaded.
func (u userTab) goesFromPageToPage() {
	shows := func(text string, loaded bool) {
		u.until(text, `document.querySelector("#shelf")?.textContent === `+quoted(text)+` && !window.at === `+map[bool]string{true: "true", false: "false"}[loaded])
		u.value("window.at = 1")
	}
	follow := func(to string) {
		u.until("the program runs", `window.onclick`)
		u.value(`(setTimeout(() => document.getElementById(` + quoted("to"+to) + `).click()), 1)`)
	}
	u.navigate(u.s.url + "/shelf/red")
	shows("This is red.", true)
	follow("/shelf/blue%20one")
	shows("This is blue one.", false)
	follow("/nowhere")
	shows("This is nothing at /nowhere.", false)
	u.value(`(setTimeout(() => history.go(-2)), 1)`)
	shows("This is red.", false)
	follow("/mine/red")
	shows("This is ann at red.", true)
	follow("/shelf/red")
	shows("This is red.", false)
	follow("/mine/red")
	shows("This is ann at red.", false)
	u.value(`(setTimeout(() => document.getElementById("go").click()), 1)`)
	shows("This is green.", false)
	address, _ := url.Parse(u.s.url) // a test's
	u.until("its address is the page's", at(address.Path+"/shelf/green")+` && location.search === "?from=here"`)
	u.value(`(setTimeout(() => history.back()), 1)`)
	shows("This is ann at red.", false)
	u.until("and so is the one before", at(address.Path+"/mine/red"))
}

// A userTab is a page of a project with users.
type userTab struct {
	browsed
	s *server
}

// post fills in the sign-in form and presses one of its buttons.
func (u userTab) post(name, password, button string) {
	u.until("the form", `document.querySelector("#sign-in") && seawayPhase === "up"`)
	u.value(`(document.querySelector("#name").value = ` + quoted(name) + `, document.querySelector("#password").value = ` + quoted(password) +
		`, setTimeout(() => [...document.querySelectorAll("#sign-in button")].find(b => b.textContent === ` + quoted(button) + `).click()), 1)`)
}

func (u userTab) signUp(name string) {
	u.navigate(u.s.url + "/")
	u.post(name, "correct horse", "Sign up")
	u.until("the page of "+name, `document.querySelector("h1")?.textContent === `+quoted("Notes of "+name))
	u.untilLive()
}

func (u userTab) signOut() {
	u.value(`(setTimeout(() => document.querySelector("#sign-out button").click()), 1)`)
	u.until("the form again", `document.querySelector("#sign-in")`)
}

const leftNothing = `(() => {
	try {
		return !Object.keys(localStorage).some(k => k.includes("seaway-tab:")) && !JSON.stringify(localStorage).includes("secret");
	} catch { // between two pages
		return false;
	}
})()`

// keptBy has the texts of the service worker's caches, once it is known.
const keptBy = `(window.kept ??= (async () => {
	let all = "";
	for (const name of await caches.keys()) for (const r of await (await caches.open(name)).matchAll()) if (/html/.test(r.headers.get("content-type"))) all += await r.text();
	window.keptText = all + " end";
})(), window.keptText)`

// leavesNothing is what a user expects who signs out on a computer that is not theirs.
func (u userTab) leavesNothing(t *testing.T, other browsed) {
	u.signUp("ann")
	u.value(`(document.querySelector("#text").value = "a secret", document.querySelector("#text").dispatchEvent(new Event("input", {bubbles: true})), 1)`)
	u.until("the draft is kept", `!`+leftNothing)
	u.until("the worker is in control", `navigator.serviceWorker.controller`)
	if other != nil {
		other.navigate(u.s.url + "/")
		other.untilLive()
	}
	u.navigate(u.s.url + "/?again") // by the worker
	u.untilLive()
	u.until("what is kept", keptBy)
	if got := u.value("keptText"); got != `" end"` {
		t.Errorf("the worker keeps %s", got)
	}
	u.goesFromPageToPage()
	u.navigate(u.s.url + "/?again")
	u.untilLive()
	u.signOut()
	u.until("nothing is kept", leftNothing)
	if other != nil {
		other.until("the other tab shows the form", `document.querySelector("#sign-in")`)
	}
	u.value(`(setTimeout(() => history.back()), window.left = 1)`)
	u.until("the page before shows nothing", `!window.left && location.search === "?again" && document.querySelector("#sign-in") && !document.body.textContent.includes("Notes of")`)
	u.until("and keeps nothing", leftNothing)
}

// A browser that is signed out elsewhere says so, and stops trying.
func (u userTab) isRefused(t *testing.T, name string) {
	u.signUp(name)
	for i, transport := range []string{"eventsource", "longpoll", "websocket"} {
		if i > 0 {
			u.navigate(u.s.url + "/")
			u.post(name, "correct horse", "Sign in")
			u.until("the page again", `document.querySelector("#text")`)
		}
		u.navigate(u.s.url + "/?transport=" + transport)
		u.untilLive()
		u.signOutElsewhere(t, name)
		u.until("the page says why with "+transport, `/sign in first/i.test(document.querySelector("#status").textContent)`)
		u.value(`(performance.clearResourceTimings(), window.since = performance.now(), 1)`)
		u.until("some seconds later", `performance.now() - since > 3000`)
		if tries := u.value(`performance.getEntriesByType("resource").map(e => e.name).filter(n => /events|poll|socket/.test(n))`); tries != "[]" {
			t.Errorf("with %s it goes on trying: %s", transport, tries)
		}
		if got := u.value(`document.querySelector(".seaway-page").className`); !strings.Contains(got, "refused") {
			t.Errorf("with %s the page is %s", transport, got)
		}
	}
}

// signOutElsewhere signs a user in and out on all devices.
func (u userTab) signOutElsewhere(t *testing.T, name string) {
	t.Helper()
	jar, _ := cookiejar.New(nil) // it does not fail
	phone := &http.Client{Jar: jar}
	for _, form := range []struct {
		path string
		url.Values
	}{{"/sign-in", url.Values{"name": {name}, "password": {"correct horse"}}}, {"/sign-out", url.Values{"everywhere": {"yes"}}}} {
		resp, err := phone.PostForm(u.s.url+form.path, form.Values)
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("%s: %v, %v", form.path, resp, err)
		}
		resp.Body.Close()
	}
}

// A project with users is built, and used in both browsers, at the root of a host and below
// a prefix.
func TestProjectWithUsers(t *testing.T) {
	t.Parallel()
	dir := makeProject(t, "example.org/somebody/notes", "-signin")
	makeIn(t, dir, "test")
	home := filepath.Join(dir, "app", "page", "home.go")
	source, err := os.ReadFile(home)
	if err != nil {
		t.Fatal(err)
	}
	write(t, home, strings.Replace(string(source), "live.Options{User:", "live.Options{Source: pick, User:", 1))
	write(t, filepath.Join(dir, "app", "page", "more.go"), morePages)
	makeIn(t, dir, "build", "QUALITY=1")
	for name, open := range map[string]func(t *testing.T) (first, other browsed){
		"Chromium": func(t *testing.T) (first, other browsed) {
			b := openTab(t)
			return b, b.openAnother()
		},
		"Firefox": func(t *testing.T) (first, other browsed) { return openFirefox(t), nil },
	} {
		t.Run(name, func(t *testing.T) {
			s := startBinary(t, filepath.Join(dir, "bin", "server"))
			first, other := open(t)
			u := userTab{first, s}
			u.leavesNothing(t, other)
			if b, ok := first.(*tab); ok {
				u.signUp("cid")
				b.writeNote("seen at once")
				b.until("the page shows its own note", listed("seen at once"))
				b.screenshot("users")
				u.signOut()
				b.screenshot("users-sign-in")
			}
			u.isRefused(t, "bob")
		})
	}
	t.Run("below a prefix", func(t *testing.T) {
		s, host := startBelow(t, filepath.Join(dir, "bin", "server"), false)
		s.url = host.URL + "/app"
		b := openTab(t)
		u := userTab{b, s}
		u.leavesNothing(t, b.openAnother())
		u.signUp("cid")
		b.writeNote("below a prefix")
		b.until("the page shows its own note", listed("below a prefix"))
		u.signOut()
		u.isRefused(t, "bob")
		host.check(t)
	})
}
