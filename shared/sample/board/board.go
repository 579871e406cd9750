// Package board is a sample contract: boards of cards in columns, which everyone moves.
// Replace it with your own.
package board

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)

var (
	Names   = []string{"red", "blue"} // of the boards that have a page
	Columns = []string{"todo", "doing", "done"}
)

const (
	MaxCards = 500 // of a board
	MaxTitle = 200 // characters
)

// A Board is the state of a board: cards by id, and the ids in order.
type Board struct {
	Cards map[string]Card `json:"cards"`
	Order []string        `json:"order"`
}

// A Card is in a column. An event puts it before another one; by default it is the last.
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
	Move   = state.Mutate(Boards, "board.move", move)
	Edit   = state.Mutate(Boards, "board.edit", edit)
	Remove = state.Mutate(Boards, "board.remove", remove)
)

func add(c *state.Call, b Board, r Request) (Reply, error) {
	if len(b.Cards) >= MaxCards {
		return Reply{}, fault.New(fault.Full, "a board has at most %d cards", MaxCards)
	}
	return put(c, Card{ID: c.NewID(), Column: r.Column, Title: r.Title})
}

func move(c *state.Call, b Board, r Request) (Reply, error) {
	card, err := b.find(r)
	if err != nil {
		return Reply{}, err
	}
	return put(c, Card{card.ID, r.Column, card.Title, r.Before})
}

func edit(c *state.Call, b Board, r Request) (Reply, error) {
	card, err := b.find(r)
	if err != nil {
		return Reply{}, err
	}
	if next := slices.Index(b.Order, card.ID) + 1; next < len(b.Order) {
		card.Before = b.Order[next] // where it is
	}
	card.Title = r.Title
	return put(c, card)
}

func remove(c *state.Call, b Board, r Request) (Reply, error) {
	card, err := b.find(r)
	if err == nil {
		state.Emit(c, Removed, card)
	}
	return Reply{card.ID}, err
}

func (b Board) find(r Request) (Card, error) {
	if card, ok := b.Cards[r.Card]; ok {
		return card, nil
	}
	return Card{}, fault.New(fault.NotFound, "there is no such card, or not any more")
}

func put(c *state.Call, card Card) (Reply, error) {
	switch {
	case !slices.Contains(Columns, card.Column):
		return Reply{}, fault.Field("column", "a column is one of %s", strings.Join(Columns, ", "))
	case strings.TrimSpace(card.Title) == "" || utf8.RuneCountInString(card.Title) > MaxTitle:
		return Reply{}, fault.Field("title", "a title has 1 to %d characters", MaxTitle)
	}
	state.Emit(c, Placed, card)
	return Reply{card.ID}, nil
}

func (b *Board) place(e event.Of[Card]) {
	card := e.Value
	b.take(card.ID)
	at := slices.Index(b.Order, card.Before)
	if at < 0 {
		at = len(b.Order)
	}
	card.Before = ""
	b.Cards[card.ID], b.Order = card, slices.Insert(b.Order, at, card.ID)
}

func (b *Board) take(id string) {
	delete(b.Cards, id)
	b.Order = slices.DeleteFunc(b.Order, func(other string) bool { return other == id })
}

// Clone returns a copy that shares no memory with b.
func (b Board) Clone() Board { return Board{maps.Clone(b.Cards), slices.Clone(b.Order)} }

// Column yields the cards of a column in order.
func (b Board) Column(name string) iter.Seq[Card] {
	return func(yield func(Card) bool) {
		for _, id := range b.Order {
			if card := b.Cards[id]; card.Column == name && !yield(card) {
				return
			}
		}
	}
}
