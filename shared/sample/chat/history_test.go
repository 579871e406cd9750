package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/state/statetest"
)

func TestHistoryHasPostsEditsAndRemovals(t *testing.T) {
	var events []statetest.Entry
	message := func(n int, text string) chat.Message {
		return chat.Message{ID: fmt.Sprint("m", n), Author: "Ann", By: "ann", Text: text}
	}
	for n := range 60 {
		events = append(events, statetest.Event(chat.Posted, message(n, "first")))
		if n%7 == 3 {
			events = append(events, statetest.Event(chat.Removed, chat.Removal{ID: fmt.Sprint("m", n-1)}))
		}
	}
	events = append(events,
		statetest.Event(chat.Posted, message(58, "again")),
		statetest.Event(chat.Edited, message(59, "second")),
		statetest.Event(chat.Edited, message(1, "beyond the window")),
		statetest.Event(chat.Removed, chat.Removal{ID: "m57"}),
		statetest.Event(chat.Edited, message(57, "removed")),
		statetest.Event(chat.Removed, chat.Removal{ID: "unknown"}),
	)
	h := statetest.Check(t, chat.Histories, events...)
	n := 0
	for line := range h.Messages {
		n++
		if line.Text == "again" || line.Text == "removed" || line.Text == "" {
			t.Errorf("it has %+v", line)
		}
	}
	if len(h.Order) != 60 || n != 50 || h.Lines["m59"].Text != "second" || h.Lines["m1"].Text != "beyond the window" {
		t.Errorf("%d lines, %d of them not removed", len(h.Order), n)
	}
	if want := 49*len("first") + len("second") + len("beyond the window") - len("first"); h.Bytes != want {
		t.Errorf("it counts %d bytes of text, want %d", h.Bytes, want)
	}
	if gone := h.Lines["m57"]; gone.Text != "" || gone.Author != "" || gone.By != "ann" || gone.Removed.IsZero() {
		t.Errorf("a removed message is %+v", gone)
	}
}

func TestHistoryOfLongMessagesFitsIntoACheckpoint(t *testing.T) {
	h := chat.Histories.New()
	text := strings.Repeat("\u754c", chat.MaxText)
	for n := range uint64(2 * chat.MaxTexts / len(text)) {
		d, err := chat.Posted.Draft(chat.Topic("lobby"), chat.Message{ID: fmt.Sprint("m", n), Text: text})
		if err != nil {
			t.Fatal(err)
		}
		e, err := event.New(event.NewID("e1", n+1, "k"), d, time.Unix(1e9, 0))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := chat.Histories.Apply(&h, e); err != nil {
			t.Fatal(err)
		}
	}
	if len(h.Order) != chat.MaxTexts/len(text) || len(h.Lines) != len(h.Order) || h.Bytes != len(h.Order)*len(text) {
		t.Errorf("it has %d messages, %d lines and counts %d bytes", len(h.Order), len(h.Lines), h.Bytes)
	}
}
