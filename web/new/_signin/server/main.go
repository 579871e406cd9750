// Command server serves the pages, their state and commands, and keeps the log.
package main

import (
	"cmp"
	"context"
	"net/http"
	"os"
	"path/filepath"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
	pages "github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/server/session"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"

	"example.com/me/app/app/page"
	"example.com/me/app/shared/notes"
	"example.com/me/app/web"
)

var version = "dev" // set by the linker

func main() { os.Exit(live.Main(live.Program{Name: "server", Version: version, New: newServer})) }

func newServer(_ context.Context, c live.Config) (*live.Server, error) {
	// On a cluster all nodes need the same file.
	keys, err := session.OpenKeys(cmp.Or(os.Getenv("SEAWAY_SESSION_KEY"), filepath.Join(c.Data, "session.key")))
	if err != nil {
		return nil, err
	}
	sessions, err := session.New(session.Options{Keys: keys})
	if err != nil {
		return nil, err
	}
	srv, err := live.New(c.Log, c.Options(live.Options{Identify: sessions.Identify, Call: access.Users, Files: web.Files}))
	if err != nil {
		return nil, err
	}
	sessions.Keep(c.Log, live.Serve(srv, session.Users, nil), srv.Revoke)
	live.Serve(srv, notes.Lists, access.Own) // the list notes.<name> is for the user of that name
	live.Handle(srv, notes.Write, service{c}.write)
	live.Form(srv, "/", notes.Write, nil)
	site := pages.Site{Routes: page.Routes, Name: "Notes", Color: "#0b1f2a", Styles: []string{"/web/app.css", "/web/users.css"}, Icon: app.Icon{SVG: "/web/icon.svg"}}
	site.User = page.Me.From(func(r *http.Request) (page.User, error) { return page.User{Name: live.Identity(r.Context())}, nil })
	srv.Pages(newAccounts(c, srv, sessions).forms(pages.Handler(srv, site)))
	return srv, nil
}

type service struct{ live.Config }

// write publishes a note of the caller's. command.Once makes a retry of the same call safe.
func (s service) write(ctx context.Context, note notes.Note) (event.ID, error) {
	if note.Text == "" {
		return event.ID{}, live.Invalid("text", "the note is empty")
	}
	return notes.Written.Publish(ctx, s.Log, notes.Lists.Topic(live.Identity(ctx)), note, command.Once(ctx))
}
