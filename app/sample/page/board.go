package page

import (
	"slices"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/seawaykit/seaway/app/goapp"
	"github.com/seawaykit/seaway/app/live"
	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/app/sample/words"
	"github.com/seawaykit/seaway/shared/sample/board"
	"github.com/seawaykit/seaway/shared/sample/guest"
	"github.com/seawaykit/seaway/shared/state"
)

// boardPage shows a board. Everyone moves its cards, by dragging or with the arrow keys:
// at once here, and everywhere when the server has it.
type boardPage struct {
	app.Compo
	Value    *live.Value[board.Board]
	Words    *words.Words
	Name     string
	Version  int // of the value
	Presence guest.Presence
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
				return el("a").Attr("href", boardPath+board.Names[i]).Text(board.Names[i])
			})),
			el("p").ID("failure").Class("failure").Role("alert").Text(p.failure),
		),
		el("div").Class("columns").Body(app.Range(board.Columns).Slice(func(i int) app.UI { return p.column(board.Columns[i]) })),
		&presenceList{Words: p.Words, Presence: p.Presence, Me: p.Me},
	)
}

func (p *boardPage) column(name string) app.UI {
	cards, scope := slices.Collect(p.Value.Now().Column(name)), app.EventScope(p.Name+name)
	w, title := &p.Words.Board, p.Words.Board.Columns[slices.Index(board.Columns, name)]
	return el("section").Class("column").DataSet("column", name).
		On("dragover", func(_ app.Context, e app.Event) { e.PreventDefault() }, scope).
		On("drop", func(_ app.Context, e app.Event) { p.drop(e, board.Request{Column: name}) }, scope).
		Body(
			el("h2").Text(title),
			el("ol").Body(app.Range(cards).Slice(func(i int) app.UI { return p.card(cards, i) })),
			p.form("new-"+name, words.Fill(w.NewCard, title), "", w.Add, func(title string) {
				p.do(board.Add, board.Request{Column: name, Title: title})
			}),
		)
}

// form has a field for a title.
func (p *boardPage) form(id, label, title, button string, submit func(title string)) app.UI {
	return el("form").OnSubmit(func(_ app.Context, e app.Event) {
		e.PreventDefault()
		submit(field(id).text())
		field(id).set("")
	}, app.EventScope(p.Name+id)).Body(
		el("textarea").ID(id).Attr("rows", 1).Attr("placeholder", goapp.Attr(label)).Aria("label", goapp.Attr(label)).Attr("maxlength", board.MaxTitle).Body(livelist.Text(title)),
		el("button").Class("quiet").Text(button),
	)
}

func (p *boardPage) card(cards []board.Card, i int) app.UI {
	c, class, scope := cards[i], "card", app.EventScope(p.Name+cards[i].ID)
	if slices.ContainsFunc(p.Value.Pending(), func(one *state.Change) bool { return one.Request.(board.Request).Card == c.ID }) {
		class = "card pending"
	}
	li := el("li").ID("card-" + c.ID).Class(class)
	if p.editing == c.ID {
		return li.Body(p.form(editID, p.Words.Board.CardTitle, c.Title, p.Words.Board.Save, func(title string) {
			p.editing = ""
			p.do(board.Edit, board.Request{Card: c.ID, Title: title})
		}))
	}
	return li.TabIndex(0).Attr("draggable", "true").
		On("dragstart", func(_ app.Context, e app.Event) {
			p.dragged = c.ID
			e.Get("dataTransfer").Call("setData", "text/plain", c.ID) // or Firefox does not drag
		}, scope).
		On("drop", func(_ app.Context, e app.Event) { p.drop(e, board.Request{Column: c.Column, Before: c.ID}) }, scope).
		OnKeyDown(func(_ app.Context, e app.Event) { p.key(e, cards, i) }, scope).
		Body(
			el("span").Class("text").Body(livelist.Text(c.Title)),
			el("button").Class("quiet").Text(p.Words.Board.Edit).OnClick(func(app.Context, app.Event) {
				p.editing = c.ID
				p.ctx.Defer(func(app.Context) { focusEnd(editID) })
			}, scope),
			el("button").Class("quiet").Text(p.Words.Board.Delete).OnClick(func(app.Context, app.Event) { p.do(board.Remove, board.Request{Card: c.ID}) }, scope),
		)
}

// drop moves the card that is dragged.
func (p *boardPage) drop(e app.Event, to board.Request) {
	e.PreventDefault()
	e.Call("stopPropagation")
	if to.Card = p.dragged; to.Card != "" && to.Card != to.Before {
		p.do(board.Move, to)
	}
}

// key moves a card to the next column, or by one place.
func (p *boardPage) key(e app.Event, cards []board.Card, i int) {
	to, at := board.Request{Card: cards[i].ID, Column: cards[i].Column}, slices.Index(board.Columns, cards[i].Column)
	switch key := e.Get("key").String(); {
	case key == "ArrowLeft" && at > 0:
		to.Column = board.Columns[at-1]
	case key == "ArrowRight" && at < len(board.Columns)-1:
		to.Column = board.Columns[at+1]
	case key == "ArrowUp" && i > 0:
		to.Before = cards[i-1].ID
	case key == "ArrowDown" && i < len(cards)-2:
		to.Before = cards[i+2].ID
	case key != "ArrowDown" || i != len(cards)-2:
		return
	}
	e.PreventDefault()
	p.do(board.Move, to)
	p.ctx.Defer(func(app.Context) { focusOn("card-" + to.Card) })
}

// do changes the board. What the server refuses has gone back, and its reason is here.
func (p *boardPage) do(m state.Mutation[board.Board, board.Request, board.Reply], r board.Request) {
	r.Board = p.Name
	live.Do(p.ctx, p.Value, m, r, func(_ board.Reply, err error) {
		p.failure = p.Words.Language.Words.Message(err)
		for _, failed := range p.Value.Failed() {
			p.Value.Discard(failed)
		}
	})
}
