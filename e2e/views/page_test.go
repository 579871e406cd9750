// Package views_test looks at pages as a program serves them, over HTTP: those of
// package app/live, on the server of package server/live, from a log.
package views_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	pages "github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/state"
)

// notes is a topic of events, and each list a state.
const notes = "views.notes"

type list struct{ Items []string }

var (
	written = event.Define[string]("views.written")
	lists   = state.Define[list]("views.list")
	listed  = state.On(lists, "views.listed", func(l *list, e event.Of[string]) { l.Items = append(l.Items, e.Value) })
)

// A home shows the newest notes, and the list red.
type home struct {
	app.Compo
	page  *pages.Page
	notes []string
	red   *pages.Value[list]
}

func (h *home) OnInit() {
	h.page = pages.New(pages.Options{Topics: []string{notes}})
	pages.On(h.page, written, func(e event.Of[string]) { h.notes = append(h.notes, e.Value) })
	h.red = pages.State(h.page, lists, "red")
	h.page.Init()
}

func (h *home) Render() app.UI {
	return h.page.Shell(
		app.Ul().Body(app.Range(h.notes).Slice(func(i int) app.UI { return app.Li().Text(h.notes[i]) })),
		app.P().Text(strings.Join(h.red.Now().Items, " ")),
	)
}

var routes = pages.Routes{"/": func(pages.Request) app.Composer { return &home{} }}

// newServer returns the handler of a program with the page, and its lists.
func newServer(t testing.TB, log eventlog.Log) (http.Handler, *live.States[list]) {
	t.Helper()
	srv, err := live.New(log, live.Options{Follow: live.Public(notes), Logger: slog.New(slog.DiscardHandler), Limits: live.Limits{None: true}})
	if err != nil {
		t.Fatal(err)
	}
	kept := live.Serve(srv, lists, live.Everyone)
	srv.Pages(pages.Handler(srv, pages.Site{Routes: routes, Name: "Views", Icon: app.Icon{SVG: "/web/icon.svg"}}))
	t.Cleanup(func() {
		if err := srv.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return srv.Handler(), kept
}
