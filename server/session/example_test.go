package session_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/server/session"
)

// accounts is a site where users sign in by a form.
type accounts struct {
	sessions  *session.Sessions
	passwords map[string]string // hashes, by user; a database in a real program
}

// signIn answers the form. It replies the same for a user that is not known and for a wrong
// password.
func (a *accounts) signIn(w http.ResponseWriter, r *http.Request) {
	user := r.PostFormValue("user")
	ok, err := session.CheckPassword(r.Context(), a.passwords[user], r.PostFormValue("password"))
	switch {
	case err != nil:
		http.Error(w, "try again later", http.StatusServiceUnavailable)
	case !ok:
		http.Error(w, "no such user, or a wrong password", http.StatusForbidden)
	case a.sessions.SignIn(w, r, user) != nil:
		http.Error(w, "try again later", http.StatusServiceUnavailable)
	default:
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}
}

func (a *accounts) signOutEverywhere(w http.ResponseWriter, r *http.Request) {
	user := live.Identity(r.Context())
	if user == "" {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	if err := a.sessions.SignOutEverywhere(r.Context(), user); err != nil {
		http.Error(w, "try again later", http.StatusServiceUnavailable)
		return
	}
	a.sessions.SignOut(w, r)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (a *accounts) home(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "private, no-store")
	fmt.Fprintf(w, "hello, %s", cmp.Or(live.Identity(r.Context()), "stranger"))
}

// newAccounts returns the site's server.
func newAccounts(log eventlog.Log) (*live.Server, error) {
	sessions, err := session.New(session.Options{Keys: [][]byte{session.NewKey()}})
	if err != nil {
		return nil, err
	}
	hash, err := session.HashPassword(context.Background(), "correct horse battery staple")
	if err != nil {
		return nil, err
	}
	a := &accounts{sessions, map[string]string{"ann": hash}}
	srv, err := live.New(log, live.Options{Identify: sessions.Identify, Follow: access.Users, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	sessions.Keep(log, live.Serve(srv, session.Users, nil), srv.Revoke)
	forms := http.NewServeMux()
	forms.HandleFunc("POST /sign-in", a.signIn)
	forms.HandleFunc("POST /sign-out-everywhere", a.signOutEverywhere)
	forms.HandleFunc("GET /{$}", a.home)
	srv.Pages(http.NewCrossOriginProtection().Handler(forms)) // another site's page cannot send them
	return srv, nil
}

// Example has a form with a password, two devices of one user, and a sign-out on both.
func Example() {
	log := eventlog.NewMemory(eventlog.Retention{})
	srv, err := newAccounts(log)
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(srv.Handler())
	defer server.Close()
	defer srv.Shutdown(context.Background())

	phone, laptop := newDevice(server.URL), newDevice(server.URL)
	fmt.Println(phone.post("/sign-in", "ann", "guess"))
	fmt.Println(phone.post("/sign-in", "ann", "correct horse battery staple"))
	fmt.Println(laptop.post("/sign-in", "ann", "correct horse battery staple"))
	fmt.Println(laptop.get("/poll?topic=news") != "") // a stream that only users may follow
	fmt.Println(phone.post("/sign-out-everywhere", "", ""))
	fmt.Println(laptop.get("/"))
	fmt.Println(laptop.get("/poll?topic=news"))
	// Output:
	// no such user, or a wrong password
	// hello, ann
	// hello, ann
	// true
	// hello, stranger
	// hello, stranger
	// {"error":{"code":"unauthenticated","message":"sign in first"}}
}

// A device is a browser with its cookies.
type device struct {
	client *http.Client
	url    string
}

func newDevice(address string) device {
	jar, _ := cookiejar.New(nil) // it does not fail
	return device{&http.Client{Jar: jar}, address}
}

func (d device) post(path, user, password string) string {
	return read(d.client.PostForm(d.url+path, url.Values{"user": {user}, "password": {password}}))
}

func (d device) get(path string) string { return read(d.client.Get(d.url + path)) }

func read(resp *http.Response, err error) string {
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	return string(body[:max(0, len(body)-trailing(body))])
}

// trailing returns how many line ends a body ends with.
func trailing(body []byte) (n int) {
	for n < len(body) && body[len(body)-1-n] == '\n' {
		n++
	}
	return n
}
