package page

import (
	"slices"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/board"
	"github.com/seawaykit/seaway/shared/state"
)

// boardPage shows a board. Its user drags cards, or moves them with the arrow keys.
type boardPage struct {
	app.Compo
	Value    *live.Value[board.Board]
	Words    *words.Words
	Name     string
	Version  int // of the value
	Presence present
	Me       string

	ctx                       app.Context // a button's context ends with the button
	dragged, editing, failure string
}

func (p *boardPage) CompoID() string         { return p.Name }
func (p *boardPage) OnMount(ctx app.Context) { p.ctx = ctx }

func (p *boardPage) Render() app.UI {
	return el("div").Class("boarding").Body(
		el("header").Class("title").Body(
			el("h1").Text(words.Fill(p.Words.Board.Title, p.Name)),
			el("nav").Aria("label", goapp.Attr(p.Words.Board.Boards)).Body(app.Range(board.Names).Slice(func(i int) app.UI {
				return link(boardPath+board.Names[i], board.Names[i] == p.Name).Text(board.Names[i])
			})),
			el("p").ID("failure").Class("failure").Role("alert").Text(p.failure),
		),
		el("div").Class("columns").Body(app.Range(board.Columns).Slice(func(i int) app.UI { return p.column(board.Columns[i]) })),
		&presenceList{Words: p.Words, Presence: p.Presence, Me: p.Me},
	)
}

func (p *boardPage) column(name string) app.UI {
	cards, scope := p.Value.Now().Column(name), app.EventScope(p.Name+name)
	w, title := &p.Words.Board, p.Words.Board.Columns[slices.Index(board.Columns, name)]
	return el("section").Class("column").DataSet("column", goapp.Attr(name)).
		On("dragover", func(_ app.Context, e app.Event) { e.PreventDefault() }, scope).
		On("drop", func(_ app.Context, e app.Event) { p.move(e, board.Request{Card: p.dragged, Column: name}) }, scope).
		Body(
			el("h2").Text(title),
			el("ol").Body(app.Range(cards).Slice(func(i int) app.UI { return p.card(cards, i) })),
			p.form("new-"+name, words.Fill(w.NewCard, title), "", w.Add, board.Add, board.Request{Column: name}),
		)
}

// form has a field for the title with which something is to be done.
func (p *boardPage) form(id, label, title, button string, do boardMutation, r board.Request) app.UI {
	return el("form").OnSubmit(func(_ app.Context, e app.Event) {
		e.PreventDefault()
		r.Title = field(id).text()
		field(id).set("")
		p.do(do, r)
	}, app.EventScope(p.Name+id)).Body(
		el("textarea").ID(goapp.Attr(id)).Attr("rows", 1).Attr("placeholder", goapp.Attr(label)).Aria("label", goapp.Attr(label)).Attr("maxlength", board.MaxTitle).Body(livelist.Text(title)),
		el("button").Class("quiet").Text(button),
	)
}

func (p *boardPage) card(cards []board.Card, i int) app.UI {
	c, class, scope := cards[i], "card", app.EventScope(p.Name+cards[i].ID)
	if slices.ContainsFunc(p.Value.Pending(), func(one *state.Change) bool { return one.Request.(board.Request).Card == c.ID }) {
		class = "card pending"
	}
	li := el("li").ID(goapp.Attr("card-" + c.ID)).Class(class)
	if p.editing == c.ID {
		return li.Body(p.form(editID, p.Words.Board.CardTitle, c.Title, p.Words.Board.Save, board.Edit, board.Request{Card: c.ID}))
	}
	return li.TabIndex(0).Attr("draggable", "true").
		On("dragstart", func(_ app.Context, e app.Event) {
			p.dragged = c.ID
			e.Get("dataTransfer").Call("setData", "text/plain", c.ID) // or Firefox does not drag
		}, scope).
		On("drop", func(_ app.Context, e app.Event) {
			p.move(e, board.Request{Card: p.dragged, Column: c.Column, Before: c.ID})
		}, scope).
		OnKeyDown(func(_ app.Context, e app.Event) { p.key(e, cards, i) }, scope).
		Body(
			el("span").Class("text").Body(livelist.Text(c.Title)),
			button(p.Words.Board.Edit, scope, func() {
				p.editing = c.ID
				p.ctx.Defer(func(app.Context) { focusEnd(editID) })
			}),
			button(p.Words.Board.Delete, scope, func() { p.do(board.Remove, board.Request{Card: c.ID}) }),
		)
}

// steps are how far a key moves a card: in columns, and to before which card.
var steps = map[string][2]int{"ArrowLeft": {-1, 0}, "ArrowRight": {1, 0}, "ArrowUp": {0, -1}, "ArrowDown": {0, 2}}

func (p *boardPage) key(e app.Event, cards []board.Card, i int) {
	step, known := steps[e.Get("key").String()]
	column, before := slices.Index(board.Columns, cards[i].Column)+step[0], i+step[1]
	if !known || column < 0 || column == len(board.Columns) || before < 0 || before > len(cards) {
		return
	}
	place := append(cards, board.Card{})[before] // itself, or none behind the last
	p.move(e, board.Request{Card: cards[i].ID, Column: board.Columns[column], Before: place.ID})
}

func (p *boardPage) move(e app.Event, to board.Request) {
	e.PreventDefault()
	e.Call("stopPropagation")
	if to.Card != "" {
		p.do(board.Move, to)
		p.ctx.Defer(func(app.Context) { focusOn("card-" + to.Card) })
	}
}

type boardMutation = state.Mutation[board.Board, board.Request, board.Reply]

// do changes the board. What the server refuses has gone back, and its reason is here.
func (p *boardPage) do(m boardMutation, r board.Request) {
	if r.Board = p.Name; r.Card == p.editing {
		p.editing = ""
	}
	live.Do(p.ctx, p.Value, m, r, func(_ board.Reply, err error) {
		p.failure = p.Words.Language.Words.Message(err)
		p.Value.Discard(p.Value.Failed()...)
	})
}
