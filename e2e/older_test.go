package e2e_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seawaykit/seaway/shared/sample/chat"
)

const (
	oldMessages = 3000
	oldWriters  = 8
)

func TestOlderMessagesAreAllReached(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) browsed{
		"Chromium": func(t *testing.T) browsed { return openTab(t) },
		"Firefox":  func(t *testing.T) browsed { return openFirefox(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "-no-limits")
			ann := s.guestClient("Ann")
			ask(ann, chat.Post.Command(), chat.PostRequest{Room: "deck", Text: "Ann's, and the first"})
			s.fill("deck", oldMessages)
			b := open(t)
			b.navigate(s.url + "/room/deck")
			b.untilLive()
			if got := len(b.texts()); got != chat.Newest {
				t.Fatalf("the page begins with %d messages", got)
			}
			walkBack(t, b, func(page int) {
				if page == 3 {
					s.postTo("deck", "bob", "meanwhile")
				}
			})
			first := s.history("deck")[0]
			ask(ann, chat.Edit.Command(), chat.EditRequest{Room: "deck", ID: first.ID, Text: "edited"})
			b.until("an edit of the first message shows", `document.querySelector("#messages .message .text").textContent === "edited"`)
			var want []string
			for _, m := range s.history("deck") {
				want = append(want, m.Text)
			}
			if got := b.texts(); !slices.Equal(got, want) || len(got) != oldMessages+2 {
				t.Errorf("the page shows %d messages: %s", len(got), difference(got, want))
			}
			var pill string
			if read(t, b, `document.querySelector(".livelist-pill").textContent`, &pill); pill != "1 new" {
				t.Errorf("the button to the newest message says %q", pill)
			}
		})
	}
}

// walkBack scrolls to the top again and again, until the page says that this is the
// beginning. What the user sees must not move meanwhile.
func walkBack(t *testing.T, b browsed, loaded func(page int)) {
	t.Helper()
	const line = `document.querySelector(".livelist-older").textContent`
	for page := 0; page < chat.MaxMessages; page++ {
		var rows int
		read(t, b, `(() => {
			const log = document.querySelector("#messages"), count = () => log.querySelectorAll(".message").length
			log.scrollTop = -log.scrollHeight
			const row = log.querySelector(".message"), top = row.getBoundingClientRect().top, rows = count()
			window.moved = () => Math.abs(row.getBoundingClientRect().top - top)
			window.settled = () => (count() > rows || !log.querySelector(".livelist-older button")) && !`+line+`.startsWith("Loading")
			return rows
		})()`, &rows)
		b.until(fmt.Sprintf("messages before %d are loaded", rows), `settled()`)
		var got struct {
			Moved float64
			Line  string
			Rows  int
		}
		read(t, b, `({moved: moved(), line: `+line+`, rows: document.querySelectorAll("#messages .message").length})`, &got)
		if got.Moved >= 1 {
			t.Fatalf("page %d has moved what the user sees by %v pixels", page, got.Moved)
		}
		if strings.Contains(got.Line, "beginning") {
			return
		}
		loaded(page)
	}
	t.Fatal("there is no beginning")
}

// read stores the value of a JavaScript expression.
func read(t *testing.T, b browsed, expr string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(b.value(expr)), into); err != nil {
		t.Fatal(err)
	}
}

// fill posts n messages to a room.
func (s *server) fill(room string, n int) {
	s.t.Helper()
	var writers sync.WaitGroup
	for w := range oldWriters {
		writers.Go(func() {
			for i := w; i < n; i += oldWriters {
				s.postTo(room, "bob", fmt.Sprint(w, " writes ", i))
			}
		})
	}
	writers.Wait()
}

// history returns the messages of a room, as the server has them.
func (s *server) history(room string) (all []chat.Message) {
	s.t.Helper()
	var answer struct{ Value chat.History }
	resp := s.guestClient("reader").follow("/state?topic=" + chat.Topic(room))
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		s.t.Fatal(err)
	}
	for line := range answer.Value.Messages {
		all = append(all, line.Message)
	}
	return all
}
