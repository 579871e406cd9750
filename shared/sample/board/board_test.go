package board_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/board"
	"github.com/seawaykit/seaway/shared/state"
	"github.com/seawaykit/seaway/shared/state/statetest"
)

func TestBoardIsFolded(t *testing.T) {
	card := func(id, column, before string) board.Card {
		return board.Card{ID: id, Column: column, Title: "card " + id, Before: before}
	}
	b := statetest.Check(t, board.Boards,
		statetest.Event(board.Placed, card("a", "todo", "")),
		statetest.Event(board.Placed, card("b", "todo", "")),
		statetest.Event(board.Placed, card("c", "todo", "a")),
		statetest.Event(board.Placed, board.Card{ID: "a", Column: "todo", Title: "second of three", Before: "a"}),
		statetest.Event(board.Placed, board.Card{ID: "b", Column: "todo", Title: "titled"}),
		statetest.Event(board.Placed, board.Card{ID: "b", Column: "doing", Title: "titled", Before: "c"}),
		statetest.Event(board.Placed, card("d", "done", "gone")),
		statetest.Event(board.Removed, board.Card{ID: "a"}),
		statetest.Event(board.Removed, board.Card{ID: "a"}),
	)
	if got := fmt.Sprint(b.Order); got != "[b c d]" || b.Cards["b"] != (board.Card{ID: "b", Column: "doing", Title: "titled"}) {
		t.Errorf("it has %s: %v", got, b.Cards)
	}
	if got := b.Column("todo"); len(got) != 1 || got[0].ID != "c" {
		t.Errorf("the first column has %v", got)
	}
}

func TestMutationsRefuseWhatIsNotThere(t *testing.T) {
	b := board.Boards.New()
	b.Cards["a"], b.Order = board.Card{ID: "a", Column: "todo", Title: "a"}, []string{"a"}
	call := func() *state.Call { return state.NewCall("board.red", "ann", "k", time.Unix(1e9, 0)) }
	for name, c := range map[string]struct {
		mutation state.Mutation[board.Board, board.Request, board.Reply]
		request  board.Request
		code     fault.Code
	}{
		"another column": {board.Add, board.Request{Column: "never", Title: "x"}, fault.Invalid},
		"no title":       {board.Add, board.Request{Column: "todo", Title: " "}, fault.Invalid},
		"no card":        {board.Move, board.Request{Card: "b", Column: "todo"}, fault.NotFound},
		"an edit":        {board.Edit, board.Request{Card: "a"}, fault.Invalid},
		"a removal":      {board.Remove, board.Request{Card: "b"}, fault.NotFound},
	} {
		attempt := call()
		_, err := c.mutation.Decide(attempt, b, c.request)
		if drafts, _ := attempt.Drafts(); fault.CodeOf(err) != c.code || len(drafts) > 0 {
			t.Errorf("%s: %v, with %d events", name, err, len(drafts))
		}
	}
	first, again := call(), call()
	one, _ := board.Add.Decide(first, b, board.Request{Column: "todo", Title: "x"})
	two, err := board.Add.Decide(again, b, board.Request{Column: "todo", Title: "x"})
	if drafts, _ := again.Drafts(); one != two || err != nil || len(drafts) != 1 {
		t.Errorf("a retry adds %v after %v (%v)", two, one, err)
	}
}
