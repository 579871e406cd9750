//go:build !js

package live

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/shared/fault"
)

// A userPage shows its user, a value of its path, and a state.
type userPage struct {
	app.Compo
	name, of string
	topic    string
	*rig
	votes *Value[poll]
}

var me User[struct{ Name string }]

func (p *userPage) OnInit() {
	p.rig = newRig(Options{})
	p.opts.Topics = slices.DeleteFunc([]string{p.topic}, func(topic string) bool { return topic == "" })
	p.votes = State(p.Page, polls, "red")
	p.Init()
}

func (p *userPage) Render() app.UI {
	renders.Add(1)
	return app.Elem("p").Text(p.name + " at " + p.of + ": " + strings.Join(slices.Concat(p.votes.Now().Votes, p.shown), " "))
}

// userKeyOf finds the user of a request.
type userKeyOf struct{}

// A guardedHost shows the state, and the topic guarded, to some users.
type guardedHost struct {
	growingHost
	guards map[string][]string // the users of a topic
}

func (h *guardedHost) Sees(ctx context.Context, topic string) error {
	users, guarded := h.guards[topic]
	if user, _ := ctx.Value(userKeyOf{}).(string); guarded && !slices.Contains(users, user) {
		return fault.New(fault.Forbidden, "not for you")
	}
	return nil
}

// as returns a handler of pages for the user whom a header names.
func as(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKeyOf{}, r.Header.Get("User"))))
	})
}

func newUserPages(t *testing.T) (*viewer, *guardedHost) {
	h := &guardedHost{growingHost{fakeHost: fakeHost{version: "v1"}}, map[string][]string{}}
	s := site()
	s.Routes = Routes{
		"/mine/{of}":   func(v Request) app.Composer { return &userPage{name: me.Of(v).Name, of: v.PathValue("of")} },
		"/public/{of}": func(v Request) app.Composer { return &userPage{name: "all", of: v.PathValue("of")} },
		"/guarded":     func(v Request) app.Composer { return &userPage{name: "some", of: v.Path(), topic: "guarded"} },
		"/some/{of}": func(v Request) app.Composer {
			if v.PathValue("of") == "none" {
				return nil
			}
			return &userPage{}
		},
		NotFound: func(v Request) app.Composer { return &userPage{name: "nothing", of: v.Path()} },
	}
	s.User = me.From(func(r *http.Request) (v struct{ Name string }, err error) {
		if v.Name = r.Header.Get("User"); v.Name == "unknown" {
			return v, fault.New(fault.Unavailable, "it cannot be checked who you are")
		}
		return v, nil
	})
	return &viewer{t: t, host: &h.growingHost, Handler: as(Handler(h, s)), before: renders.Load()}, h
}

func isPrivate(w *httptest.ResponseRecorder) bool {
	return w.Header().Get("Cache-Control") == "private, no-store" && w.Header().Get("ETag") == "" &&
		slices.Contains(w.Header().Values("Vary"), "Cookie")
}

func TestPageOfAUserIsDrawnForEachRequest(t *testing.T) {
	v, _ := newUserPages(t)
	for _, user := range []string{"ann", "bob", "", "ann", "<b>&"} {
		w := v.get("/mine/red", "User", user)
		name := map[string]string{"<b>&": "&lt;b&gt;&amp;"}[user]
		if name == "" {
			name = user
		}
		v.expect(user, w, 1, ">"+name+" at red: yes<")
		if carried := `<script type="application/json" id="seaway-page-user">{"Name":"`; !isPrivate(w) || strings.Count(w.Body.String(), carried) != 1 || strings.Contains(w.Body.String(), `"<b>`) {
			t.Errorf("%q: %v\n%s", user, w.Header(), w.Body)
		}
	}
	if w := v.get("/mine/red", "User", "unknown"); w.Code != 503 || !isPrivate(w) || strings.TrimSpace(w.Body.String()) != "it cannot be checked who you are" {
		t.Errorf("of an unknown one: %d %v %s", w.Code, w.Header(), w.Body)
	}
	v.before = renders.Load()
	for draws := range int64(2) {
		w := v.get("/public/red", "User", "ann")
		if v.expect("a public page", w, 1-draws, ">all at red: yes<"); isPrivate(w) || strings.Contains(w.Body.String(), "seaway-page-user") {
			t.Errorf("a public page: %v", w.Header())
		}
	}
}

// Nothing of a page that turns out to be private comes to those who have waited for it.
func TestPageOfAUserIsNotShared(t *testing.T) {
	v, _ := newUserPages(t)
	var all sync.WaitGroup
	for _, user := range []string{"ann", "bob", "cid", "dee", "eve", "fay"} {
		for range 20 {
			all.Go(func() {
				if w := v.get("/mine/blue", "User", user); !strings.Contains(w.Body.String(), ">"+user+" at blue: yes<") || !isPrivate(w) {
					t.Errorf("%s gets %s", user, w.Body)
				}
			})
		}
	}
	all.Wait()
}

func TestPageWithAStateThatStrangersMayNotSeeIsPrivate(t *testing.T) {
	v, h := newUserPages(t)
	h.guards["poll.red"] = []string{"ann"}
	h.publish("guarded", "secret")
	for user, sees := range map[string]bool{"ann": true, "bob": false, "": false} {
		w := v.get("/public/red", "User", user)
		if got := strings.Contains(w.Body.String(), ">all at red: yes<"); got != sees || !isPrivate(w) {
			t.Errorf("%q sees it: %v, %v", user, got, w.Header())
		}
	}
	delete(h.guards, "poll.red")
	h.guards["guarded"] = []string{"ann"}
	for user, sees := range map[string]bool{"ann": true, "bob": false, "": false} {
		w := v.get("/guarded", "User", user)
		if got := strings.Contains(w.Body.String(), "secret"); got != sees || !isPrivate(w) {
			t.Errorf("%q sees the topic: %v, %v", user, got, w.Header())
		}
	}
}

func TestPathWithoutAPageIsAnsweredByTheOneThatSaysSo(t *testing.T) {
	v, _ := newUserPages(t)
	for _, path := range []string{"/nowhere", "/some/none"} {
		if w := v.get(path); w.Code != 404 || !strings.Contains(w.Body.String(), "nothing at "+path) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	bare := newViewer(t, nil)
	if w := bare.get("/nowhere"); w.Code != 404 || strings.Contains(w.Body.String(), "<html") {
		t.Errorf("without such a page: %d %s", w.Code, w.Body)
	}
}

// A user's context has who has sent a request, and ends with the load.
func TestUsersContextEndsWithTheLoad(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	mine := userContext{ctx, context.WithValue(t.Context(), userKeyOf{}, "ann")}
	late := errors.New("too late")
	if cancel(late); mine.Value(userKeyOf{}) != "ann" || mine.Err() == nil || !errors.Is(context.Cause(ctx), late) {
		t.Errorf("%v, %v", mine.Value(userKeyOf{}), mine.Err())
	}
}
