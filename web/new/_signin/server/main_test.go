package main

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"
)

// A browser has cookies.
type browser struct {
	t      *testing.T
	client *http.Client
	url    string
}

func start(t *testing.T) func() browser {
	t.Setenv("SEAWAY_SESSION_KEY", filepath.Join(t.TempDir(), "session.key"))
	srv, err := newServer(t.Context(), live.Config{Log: eventlog.NewMemory(eventlog.Retention{})})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(srv.Handler())
	t.Cleanup(func() {
		srv.Shutdown(context.Background())
		server.Close()
	})
	return func() browser {
		jar, _ := cookiejar.New(nil) // it does not fail
		return browser{t, &http.Client{Jar: jar}, server.URL}
	}
}

// read returns an answer's text and headers; redirects are followed.
func (b browser) read(resp *http.Response, err error) (string, http.Header) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text), resp.Header
}

func (b browser) get(path string) (string, http.Header) { return b.read(b.client.Get(b.url + path)) }

func (b browser) post(path string, pairs ...string) string {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	text, _ := b.read(b.client.PostForm(b.url+path, form))
	return text
}

func (b browser) write(note string) string {
	text, _ := b.read(b.client.Post(b.url+"/commands/notes.write", "application/json", strings.NewReader(`{"text":"`+note+`"}`)))
	return text
}

func expect(t *testing.T, what, page string, has, hasNot string) {
	t.Helper()
	if !strings.Contains(page, has) || hasNot != "" && strings.Contains(page, hasNot) {
		t.Errorf("%s: it lacks %q, or has %q: %s", what, has, hasNot, page)
	}
}

func TestUsersHaveNotesOfTheirOwn(t *testing.T) {
	newBrowser := start(t)
	ann, bob := newBrowser(), newBrowser()
	expect(t, "a stranger's form", ann.post("/", "text", "hello"), "Sign in first", "")
	first, _ := ann.get("/")
	expect(t, "a stranger's page", first, `id="sign-in"`, "Notes of")
	expect(t, "a sign-up", ann.post("/sign-up", "name", "ann", "password", "correct horse"), "Notes of ann", "")
	expect(t, "a second one", bob.post("/sign-up", "name", "ann", "password", "battery staple"), "The name is taken", "Notes of")
	bob.post("/sign-up", "name", "bob", "password", "battery staple")
	ann.write("hello")
	bob.post("/", "text", "good day") // as a browser without JavaScript does
	page, header := ann.get("/")
	expect(t, "her page", page, ">hello<", "good day")
	if got := header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("it may be kept: %q", got)
	}
	page, _ = bob.get("/")
	expect(t, "his page", page, ">good day<", "hello")
	state, _ := bob.get("/state?topic=notes.ann")
	expect(t, "her state", state, "this topic is not public", "hello")
	stream, _ := newBrowser().get("/poll?topic=notes.ann")
	expect(t, "a stranger's poll", stream, "sign in first", "hello")
}

func TestUsersSignOutAndIn(t *testing.T) {
	newBrowser := start(t)
	ann, phone := newBrowser(), newBrowser()
	ann.post("/sign-up", "name", "ann", "password", "correct horse")
	expect(t, "signed out", ann.post("/sign-out"), `id="sign-in"`, "Notes of")
	expect(t, "a call after it", ann.write("hello"), "sign in first", "")
	expect(t, "a wrong password", phone.post("/sign-in", "name", "ann", "password", "a wrong one"), "a wrong password", "Notes of")
	expect(t, "no such user", phone.post("/sign-in", "name", "eve", "password", "a wrong one"), "a wrong password", "Notes of")
	expect(t, "a short password", phone.post("/sign-up", "name", "eve", "password", "short"), "8 letters", "Notes of")
	expect(t, "signed in", phone.post("/sign-in", "name", "ann", "password", "correct horse"), "Notes of ann", "")
	ann.post("/sign-in", "name", "ann", "password", "correct horse")
	phone.post("/sign-out", "everywhere", "yes")
	here, _ := ann.get("/")
	expect(t, "signed out elsewhere", here, `id="sign-in"`, "Notes of")
	for range 10 {
		phone.post("/sign-in", "name", "bob", "password", "a guess")
	}
	expect(t, "many guesses", phone.post("/sign-in", "name", "bob", "password", "a guess"), "Too many tries", "")
}
