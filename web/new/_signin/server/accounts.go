package main

import (
	"context"
	"net/http"
	"regexp"

	pages "github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/httpd"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/server/session"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"

	"example.com/me/app/app/page"
)

// An account is the state of a topic account.<name>. No client sees it.
type account struct {
	Password string `json:"password"` // as session.HashPassword has it
}

var (
	kind   = state.Define[account]("account")
	opened = state.On(kind, "account.opened", func(a *account, e event.Of[account]) {
		if a.Password == "" { // of two who take a name at once the first has it
			*a = e.Value
		}
	})
	isName = regexp.MustCompile(`^[a-z0-9_-]{1,32}$`).MatchString
)

type accounts struct {
	live.Config
	sessions *session.Sessions
	all      *live.States[account]
	tries    *access.Limiter // of each name from each address
}

func newAccounts(c live.Config, srv *live.Server, sessions *session.Sessions) accounts {
	tries := access.NewLimiter(access.Rate{PerSecond: 0.1, Burst: 10})
	return accounts{c, sessions, live.Serve(srv, kind, nil), tries}
}

// forms answers what the sign-in page posts, and passes on what is for the pages.
func (a accounts) forms(others http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /sign-in", a.form(a.check))
	mux.Handle("POST /sign-up", a.form(a.open))
	mux.HandleFunc("POST /sign-out", a.signOut)
	mux.Handle("/", others)
	return http.NewCrossOriginProtection().Handler(mux) // pages of other sites cannot post
}

// form signs the user in if check finds nothing wrong.
func (a accounts) form(check func(ctx context.Context, name, password string) (wrong string, err error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 4096)
		name, wrong := r.PostFormValue("name"), page.TooMany
		client, _ := httpd.Client(r)
		var err error
		if a.tries.Allow(client+" "+name, 1) {
			wrong, err = check(r.Context(), name, r.PostFormValue("password"))
		}
		if err == nil && wrong == "" {
			err = a.sessions.SignIn(w, r, name)
		}
		if err != nil {
			a.Logger.Error("nobody could sign in", "error", err)
			http.Error(w, pages.Message(err), http.StatusServiceUnavailable)
			return
		}
		http.Redirect(w, r, page.SignInPath(wrong), http.StatusSeeOther)
	})
}

// signOut ends the session of this browser, or all of the user's with their streams.
func (a accounts) signOut(w http.ResponseWriter, r *http.Request) {
	if user := live.Identity(r.Context()); user != "" && r.PostFormValue("everywhere") != "" {
		if err := a.sessions.SignOutEverywhere(r.Context(), user); err != nil {
			a.Logger.Error("nobody was signed out", "error", err)
			http.Error(w, pages.Message(err), http.StatusServiceUnavailable)
			return
		}
	}
	a.sessions.SignOut(w, r)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// check takes the same time whether there is such a user or not.
func (a accounts) check(ctx context.Context, name, password string) (wrong string, err error) {
	var known account
	if isName(name) {
		if known, _, err = a.all.At(ctx, name); err != nil {
			return "", err
		}
	}
	if ok, err := session.CheckPassword(ctx, known.Password, password); !ok {
		return page.Wrong, err
	}
	return "", nil
}

func (a accounts) open(ctx context.Context, name, password string) (wrong string, err error) {
	if !isName(name) || len(password) < 8 || len(password) > 1000 {
		return page.Unfit, nil
	}
	if known, _, err := a.all.At(ctx, name); err != nil || known.Password != "" {
		return page.Taken, err
	}
	hash, err := session.HashPassword(ctx, password)
	if err != nil {
		return "", err
	}
	if _, err := opened.Publish(ctx, a.Log, kind.Topic(name), account{hash}); err != nil {
		return "", err
	}
	if kept, _, err := a.all.At(ctx, name); err != nil || kept.Password != hash {
		return page.Taken, err
	}
	return "", nil
}
