package page

import (
	"errors"
	"testing"

	"github.com/seawaykit/seaway/app/livelist"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
)

// Those that were removed are passed over: a page of them would be asked for for ever.
func TestOlderMessagesComeBeforeTheOthers(t *testing.T) {
	m, all := newModel(), chat.Histories.New()
	for _, n := range numbers(1, 30+chat.Newest) {
		line := chat.Line{Message: message(n, n)}
		if n == "29" || n == "30" {
			line.Removed = event.NewID("e1", 81, "k")
		}
		all.Order, all.Lines[n] = append(all.Order, n), line
	}
	m.roomChanged("deck", all, true)
	if got := m.oldest("deck", all); got != "1" {
		t.Errorf("of a list that shows all, the oldest is %q", got)
	}
	m = newModel()
	window := chat.Histories.Window(all)
	m.roomChanged("deck", window, true)
	shows(t, "at first", m, "deck", numbers(31, 30+chat.Newest)...)
	wide := chat.Histories.Join(all, window)
	if got := m.oldest("deck", wide); got != "29" {
		t.Errorf("the oldest is %q", got)
	}
	older, more := chat.Histories.Before(wide, "29", 20)
	m.olderCame("deck", older, more, nil)
	shows(t, "with a page", m, "deck", append(numbers(9, 28), numbers(31, 30+chat.Newest)...)...)
	if m.older["deck"] != livelist.MoreOlder || m.rooms["deck"].Unread() != 0 {
		t.Errorf("older are %d, %d are unread", m.older["deck"], m.rooms["deck"].Unread())
	}
	older, more = chat.Histories.Before(wide, m.oldest("deck", wide), 20)
	m.olderCame("deck", older, more, nil)
	shows(t, "with all", m, "deck", append(numbers(1, 28), numbers(31, 30+chat.Newest)...)...)
	if m.older["deck"] != livelist.Beginning {
		t.Errorf("at the beginning older are %d", m.older["deck"])
	}
	m.olderCame("deck", chat.History{}, true, errors.New("no answer"))
	if m.older["deck"] != livelist.FailedOlder {
		t.Errorf("without an answer older are %d", m.older["deck"])
	}
}
