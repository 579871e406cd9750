package e2e_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/board"
	"github.com/seawaykit/seaway/shared/state"
)

// cards is what a page shows of a board: the titles of its columns.
const cards = `[...document.querySelectorAll(".column")].map(c => c.dataset.column + ": " + [...c.querySelectorAll(".card .text")].map(t => t.textContent).join(", ")).join("; ")`

func (b *tab) untilCards(want string) {
	b.t.Helper()
	b.until("the cards "+want, fmt.Sprintf(`%s == %q`, cards, want))
}

// change calls a mutation of a board as a program does.
func (s *server) change(m state.Mutation[board.Board, board.Request, board.Reply], r board.Request, opts ...command.CallOption) (string, error) {
	a, err := command.Call(s.t.Context(), m.Command(), r, append(opts, command.To(s.url))...)
	return a.Reply.Card, err
}

// Two people move cards of one board, and a move is under way while the server is
// killed.
func TestBoardOfTwoTabsThroughAKill(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	one, two := openTab(t), openTab(t)
	for _, b := range []*tab{one, two} {
		b.navigate(s.url + "/board/red")
		b.untilLive()
	}
	for i, title := range []string{"first", "second", "<third> & more"} {
		b := []*tab{one, two}[i%2]
		b.typeInto("new-todo", title)
		b.click(`[data-column="todo"] form button`)
		b.until("the card", fmt.Sprintf(`[...document.querySelectorAll(".card .text")].some(t => t.textContent == %q)`, title))
	}
	for _, b := range []*tab{one, two} {
		b.untilCards("todo: first, second, <third> & more; doing: ; done: ")
	}

	// By the keyboard, and by dragging.
	eval[any](one, `document.querySelectorAll(".card")[0].dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true})) && null`)
	one.untilCards("todo: second, <third> & more; doing: first; done: ")
	two.untilCards("todo: second, <third> & more; doing: first; done: ")
	eval[any](two, drag(0, `document.querySelector('[data-column="done"]')`))
	one.untilCards("todo: <third> & more; doing: first; done: second")
	eval[any](one, drag(0, `document.querySelectorAll(".card")[2]`))
	two.untilCards("todo: ; doing: first; done: <third> & more, second")
	one.screenshot("board")
	photograph("before", one, two)

	s.kill()
	eval[any](one, drag(0, `document.querySelector('[data-column="todo"]')`))
	one.untilCards("todo: first; doing: ; done: <third> & more, second") // at once, without a server
	one.until("it is pending", `document.querySelectorAll(".card.pending").length == 1`)
	photograph("during", one, two)
	s.start()
	for _, b := range []*tab{one, two} {
		b.untilCards("todo: first; doing: ; done: <third> & more, second")
		b.untilLive()
	}
	one.until("it is not pending", `document.querySelectorAll(".card.pending").length == 0`)
	photograph("after", one, two)

	// Edited and deleted.
	two.click(`[data-column="todo"] .card button`)
	two.typeInto("edit-text", " and renamed")
	two.click(`[data-column="todo"] .card form button`)
	one.untilCards("todo: first and renamed; doing: ; done: <third> & more, second")
	eval[any](one, `document.querySelectorAll(".card button")[1].click()`)
	two.untilCards("todo: ; doing: ; done: <third> & more, second")
	for _, b := range []*tab{one, two} {
		if bad := b.complaints(); len(bad) > 0 {
			t.Errorf("the browser complains: %q", bad)
		}
	}
}

// photograph shows what both browsers show of the board at a moment: out/board-one-before.png.
func photograph(when string, one, two *tab) {
	one.screenshot("board-one-" + when)
	two.screenshot("board-two-" + when)
}

// drag drags the nth card to an element.
func drag(n int, to string) string {
	return fmt.Sprintf(`(() => {
		const data = new DataTransfer(), fire = (e, type) => e.dispatchEvent(new DragEvent(type, {bubbles: true, cancelable: true, dataTransfer: data}));
		const card = document.querySelectorAll(".card")[%d], to = %s;
		fire(card, "dragstart"); fire(to, "dragover"); fire(to, "drop"); fire(card, "dragend");
		return null;
	})()`, n, to)
}

// What the server refuses goes back, with the reason.
func TestRefusedMoveGoesBack(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := openTab(t, holdCall, waitShown)
	b.navigate(s.url + "/board/blue")
	b.untilLive()
	id, err := s.change(board.Add, board.Request{Board: "blue", Column: "todo", Title: "only"})
	if err != nil {
		t.Fatal(err)
	}
	b.untilCards("todo: only; doing: ; done: ")
	eval[any](b, `window.release = undefined, window.hold("board.move"), null`)
	eval[any](b, drag(0, `document.querySelector('[data-column="done"]')`))
	b.untilCards("todo: ; doing: ; done: only")
	b.until("the call is held", `window.refuse != undefined`)
	t.Log("a refused move is back, with the reason, after", b.shown(`window.refuse()`,
		`document.querySelector('[data-column="todo"] .card') && document.querySelector("#failure").textContent == "not today"`))
	b.untilCards("todo: only; doing: ; done: ")

	// The page has not heard that the card is gone when it is moved.
	eval[any](b, `window.release = undefined, window.hold("board.move"), null`)
	eval[any](b, drag(0, `document.querySelector('[data-column="done"]')`))
	b.untilCards("todo: ; doing: ; done: only")
	b.until("the call is held", `window.release != undefined`)
	if _, err := s.change(board.Remove, board.Request{Board: "blue", Card: id}); err != nil {
		t.Fatal(err)
	}
	b.untilCards("todo: ; doing: ; done: ") // its event has come
	eval[any](b, `window.release(), null`)
	b.until("the reason", `document.querySelector("#failure").textContent.includes("no such card")`)
}

// Sixteen writers move sixteen cards of one board at once, through a kill -9: each card
// is where its last acknowledged move has put it.
func TestBoardKeepsTheLastMoveOfEachCard(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-no-limits")
	const writers, moves = 16, 12
	var wg sync.WaitGroup
	half := make(chan struct{}, writers*moves)
	want := make([]string, writers)
	ids := make([]string, writers)
	for w := range writers {
		id, err := s.change(board.Add, board.Request{Board: "red", Column: "todo", Title: fmt.Sprint("card ", w)})
		if err != nil {
			t.Fatal(err)
		}
		ids[w] = id
	}
	for w := range writers {
		wg.Go(func() {
			for i := range moves {
				column := board.Columns[(w+i)%len(board.Columns)]
				r := board.Request{Board: "red", Card: ids[w], Column: column, Before: ids[(w+i+1)%writers]}
				if _, err := s.change(board.Move, r, command.WithIdempotencyKey(fmt.Sprint("move-", w, "-", i))); err != nil {
					t.Errorf("writer %d, move %d: %v (%s)", w, i, err, fault.CodeOf(err))
					return
				}
				want[w] = column
				half <- struct{}{}
			}
		})
	}
	for range writers * moves / 3 {
		<-half
	}
	s.kill()
	s.start()
	wg.Wait()
	_, text := s.get("/state?topic=board.red")
	var got struct {
		Value board.Board `json:"value"`
	}
	if err := json.NewDecoder(strings.NewReader(text)).Decode(&got); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if len(got.Value.Cards) != writers || len(got.Value.Order) != writers {
		t.Fatalf("the board has %d cards in %d places", len(got.Value.Cards), len(got.Value.Order))
	}
	for w, id := range ids {
		if card := got.Value.Cards[id]; card.Column != want[w] || card.Title != fmt.Sprint("card ", w) {
			t.Errorf("card %d is %+v, and was last moved to %s", w, card, want[w])
		}
	}
}
