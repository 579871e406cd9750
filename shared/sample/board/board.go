// Package board is a sample contract: boards of cards in columns, which everyone moves.
// Replace it with your own.
package board

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)

const MaxCards, MaxTitle = 500, 200 // cards of a board, and characters of a title

var Names = []string{"red", "blue"} // of the boards that have a page
var Columns = []string{"todo", "doing", "done"}

// A Board is the state of a board: cards by id, and the ids in order.
type Board struct {
	Cards map[string]Card `json:"cards"`
	Order []string        `json:"order"`
}

// A Card is in a column. An event puts it before a card, itself where it is, or behind all.
type Card struct {
	ID     string `json:"id"`
	Column string `json:"column"`
	Title  string `json:"title"`
	Before string `json:"before,omitempty"`
}

// A Request names a board, and what is to become of a card.
type Request struct {
	Board  string `json:"board"`
	Card   string `json:"card,omitempty"`
	Column string `json:"column,omitempty"`
	Title  string `json:"title,omitempty"`
	Before string `json:"before,omitempty"`
}

func (r Request) StateKey() string { return r.Board }

// A Reply names the card.
type Reply struct {
	Card string `json:"card"`
}

// Boards are all boards, the events that change one, and the mutations that decide them.
var (
	Boards  = state.Define[Board]("board")
	Placed  = state.On(Boards, "board.placed", (*Board).place)
	Removed = state.On(Boards, "board.removed", func(b *Board, e event.Of[Card]) { b.take(e.Value.ID) })

	Add    = state.Mutate(Boards, "board.add", add)
	Move   = state.Mutate(Boards, "board.move", known(Placed, func(card *Card, r Request) { card.Column, card.Before = r.Column, r.Before }))
	Edit   = state.Mutate(Boards, "board.edit", known(Placed, func(card *Card, r Request) { card.Title, card.Before = r.Title, card.ID }))
	Remove = state.Mutate(Boards, "board.remove", known(Removed, func(*Card, Request) {}))
)

func add(c *state.Call, b Board, r Request) (Reply, error) {
	if len(b.Cards) >= MaxCards {
		return Reply{}, fault.New(fault.Full, "a board has at most %d cards", MaxCards)
	}
	return publish(c, Placed, Card{c.NewID(), r.Column, r.Title, ""})
}

// known publishes a change of a card that is there.
func known(as event.Type[Card], change func(card *Card, r Request)) func(*state.Call, Board, Request) (Reply, error) {
	return func(c *state.Call, b Board, r Request) (Reply, error) {
		card, ok := b.Cards[r.Card]
		if !ok {
			return Reply{}, fault.New(fault.NotFound, "there is no such card, or not any more")
		}
		change(&card, r)
		return publish(c, as, card)
	}
}

func publish(c *state.Call, as event.Type[Card], card Card) (Reply, error) {
	switch {
	case !slices.Contains(Columns, card.Column):
		return Reply{}, fault.Field("column", "a column is one of %s", strings.Join(Columns, ", "))
	case strings.TrimSpace(card.Title) == "" || utf8.RuneCountInString(card.Title) > MaxTitle:
		return Reply{}, fault.Field("title", "a title has 1 to %d characters", MaxTitle)
	}
	state.Emit(c, as, card)
	return Reply{card.ID}, nil
}

func (b *Board) place(e event.Of[Card]) {
	card, at := e.Value, slices.Index(b.Order, e.Value.Before)
	if at < 0 {
		at = len(b.Order)
	}
	b.Order = slices.Insert(b.Order, at, "") // its place
	b.take(card.ID)
	b.Order[slices.Index(b.Order, "")], card.Before = card.ID, ""
	b.Cards[card.ID] = card
}

func (b *Board) take(id string) {
	delete(b.Cards, id)
	b.Order = slices.DeleteFunc(b.Order, func(other string) bool { return other == id })
}

// Column returns the cards of a column in order.
func (b Board) Column(name string) (cards []Card) {
	for _, id := range b.Order {
		if card := b.Cards[id]; card.Column == name {
			cards = append(cards, card)
		}
	}
	return cards
}
