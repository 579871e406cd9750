//go:build !js

package live_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/shared/event"
)

type tide struct{ Metres float64 }

var rose = event.Define[tide]("tide.rose")

// A gauge shows how high the tide is: on the server from the log, in the browser
// from the page and then from the stream.
type gauge struct {
	app.Compo
	page   *live.Page
	metres float64
}

func (g *gauge) OnInit() {
	g.page = live.New(live.Options{Topics: []string{"tide"}, Last: 1})
	live.On(g.page, rose, func(e event.Of[tide]) { g.metres = e.Value.Metres })
	g.page.Init()
}

func (g *gauge) OnMount(ctx app.Context) { g.page.Mount(ctx) }
func (g *gauge) OnDismount()             { g.page.Close() }

func (g *gauge) Render() app.UI {
	return g.page.Shell(app.Elem("p").Text(fmt.Sprintf("%.1f m", g.metres)))
}

// A harbour is a host; a program has the Server of package server/live.
type harbour struct{}

func (harbour) URL(path string) string { return path }
func (harbour) Root() string           { return "/" }
func (harbour) Version() string        { return "v1" }
func (harbour) WasmSize() int64        { return 0 }
func (harbour) State(context.Context, string) ([]byte, string, event.ID, error) {
	return nil, "", event.ID{}, errors.New("there are no states")
}

func (harbour) Sees(context.Context, string) error                           { return nil }
func (harbour) Unchanged(context.Context, event.ID, ...string) (bool, error) { return true, nil }

func (harbour) Snapshot(context.Context, []string, int) ([]event.Event, event.ID, error) {
	id := event.NewID("e1", 1, "key")
	draft, err := rose.Draft("tide", tide{2.4})
	if err != nil {
		return nil, event.ID{}, err
	}
	e, err := event.New(id, draft, time.Now())
	return []event.Event{e}, id, err
}

func Example() {
	routes := live.Routes{"/tide": func(live.Request) app.Composer { return &gauge{} }}
	pages := live.Handler(harbour{}, live.Site{Routes: routes, Name: "Tide", Icon: app.Icon{SVG: "/web/icon.svg"}})
	w := httptest.NewRecorder()
	pages.ServeHTTP(w, httptest.NewRequest("GET", "/tide", nil))
	fmt.Println(w.Code, strings.Contains(w.Body.String(), "2.4 m"))
	// Output: 200 true
}
