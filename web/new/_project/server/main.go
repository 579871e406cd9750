// Command server serves the page, its state and its commands, and keeps the log.
package main

import (
	"context"
	"os"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
	pages "github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"

	"example.com/me/app/app/page"
	"example.com/me/app/shared/notes"
	"example.com/me/app/web"
)

var version = "dev" // set by the linker

func main() { os.Exit(live.Main(live.Program{Name: "server", Version: version, New: newServer})) }

func newServer(_ context.Context, c live.Config) (*live.Server, error) {
	srv, err := live.New(c.Log, c.Options(live.Options{Call: live.Anyone, Files: web.Files})) // anyone may call
	if err != nil {
		return nil, err
	}
	live.Serve(srv, notes.Lists, live.Everyone) // keeps the lists; everyone may see them
	live.Handle(srv, notes.Write, service{c}.write)
	live.Form(srv, "/", notes.Write, nil)
	site := pages.Site{Routes: page.Routes, Name: "Notes", Color: "#0b1f2a", Styles: []string{"/web/app.css"}, Icon: app.Icon{SVG: "/web/icon.svg"}}
	srv.Pages(pages.Handler(srv, site))
	return srv, nil
}

type service struct{ live.Config }

// write publishes a note. command.Once makes a retry of the same call safe.
func (s service) write(ctx context.Context, note notes.Note) (event.ID, error) {
	if note.Text == "" {
		return event.ID{}, live.Invalid("text", "the note is empty")
	}
	return notes.Written.Publish(ctx, s.Log, notes.Lists.Topic("all"), note, command.Once(ctx))
}
