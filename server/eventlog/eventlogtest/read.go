package eventlogtest

import (
	"errors"
	"fmt"
	"sync"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
)

func pages(t *testCase) {
	log := t.open(eventlog.Retention{})
	all := t.fill(log, 25, "a", "b")
	t.await(log, count(1, 25))
	for _, test := range []struct {
		from  uint64
		limit int
		want  []event.ID
	}{
		{0, 7, all}, {1, 1, all}, {1, 10, all}, {1, 25, all}, {1, 1000, all},
		{8, 10, all[7:]}, {25, 10, all[24:]}, {26, 10, nil},
	} {
		t.eventually(func() error {
			got := t.readAll(log, test.from, test.limit)
			if len(got) < len(test.want) { // from a node that lags
				return fmt.Errorf("from %d by %d: %d events, want %d", test.from, test.limit, len(got), len(test.want))
			}
			t.same(fmt.Sprintf("from %d by %d", test.from, test.limit), got, test.want)
			return nil
		})
	}
	if page, err := log.Read(t.Context(), 1, 0); err != nil || len(page.Events) != 1 {
		t.Errorf("a page of at most no events holds %d (%v), want one", len(page.Events), err)
	}
}

func topics(t *testCase) {
	log := t.open(eventlog.Retention{})
	t.fill(log, 12, "a", "b", "c.d")
	for _, test := range []struct {
		topics []string
		want   string
	}{
		{[]string{"a"}, "1 4 7 10"},
		{[]string{"c.d"}, "3 6 9 12"},
		{[]string{"c"}, ""},
		{[]string{"none"}, ""},
		{[]string{"none", "nothing"}, ""},
		{[]string{"a", "b"}, "1 2 4 5 7 8 10 11"},
		{[]string{"b", "none", "a"}, "1 2 4 5 7 8 10 11"},
		{[]string{"a", "a"}, "1 4 7 10"},
		{[]string{"a", "b", "c.d"}, count(1, 12)},
	} {
		for _, limit := range []int{1, 3, 100} {
			t.eventually(func() error {
				if got := payloads(t.readAll(log, 1, limit, test.topics...)); got != test.want {
					return fmt.Errorf("topics %v by %d: %q, want %q", test.topics, limit, got, test.want)
				}
				return nil
			})
		}
	}
}

// quiet tests a topic without events: its empty page shows how far the log was
// searched, so that no reader searches there again.
func quiet(t *testCase) {
	log := t.open(eventlog.Retention{})
	t.fill(log, 12, "a", "b")
	for _, topics := range [][]string{{"none"}, {"none", "nothing"}} {
		t.eventually(func() error {
			page, err := log.Read(t.Context(), 3, 10, topics...)
			if err != nil || len(page.Events) > 0 || page.Next != 13 || !page.Head {
				return fmt.Errorf("topics %v: %+v (%v), want nothing up to 13", topics, page, err)
			}
			return nil
		})
	}
}

func badTopics(t *testCase) {
	log := t.open(eventlog.Retention{})
	t.fill(log, 1, "a")
	for _, topic := range []string{">", "*", "a.>", "", "a b", "a\r\nb"} {
		var refused *event.NameError
		if page, err := log.Read(t.Context(), 1, 1, "a", topic); !errors.As(err, &refused) {
			t.Errorf("topic %q: %v and the error %v", topic, page, err)
		}
	}
}

func holes(t *testCase) {
	log := t.open(eventlog.Retention{})
	all := t.fill(log, 1, "a")
	for i := range 9 { // numbers 2 to 10, of which 10 stays
		d := draft("clock", fmt.Sprint("tick", i))
		d.Latest = true
		all = append(all, t.publish(log, d))
	}
	t.await(log, "1 tick8")
	for from := uint64(2); from <= 10; from++ {
		page, err := log.Read(t.Context(), from, 1)
		if err != nil || len(page.Events) != 1 || page.Events[0].ID() != all[9] {
			t.Errorf("from %d: %v (%v), want %s", from, ids(page.Events), err, all[9])
		}
	}
}

func beyond(t *testCase) {
	log := t.open(eventlog.Retention{})
	look := func(from uint64, topics ...string) {
		page, err := log.Read(t.Context(), from, 10, topics...)
		if err != nil || len(page.Events) != 0 || !page.Head || page.Next != max(from, 1) {
			t.Errorf("from %d of %v: %+v (%v)", from, topics, page, err)
		}
	}
	look(1)
	look(100)
	t.fill(log, 3, "a", "b")
	t.await(log, "1 2 3")
	look(4)
	look(100)
	look(100, "a")
	look(100, "a", "b")
}

// readWhileAppending tests the case in which a merge of topics could lose
// events: one topic is read from a node that lags, another from one that does
// not.
func readWhileAppending(t *testCase) {
	const total = 120
	log := t.open(eventlog.Retention{})
	peer := t.peer(log)
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		for i := range total {
			if _, err := log.Append(t.Context(), draft([]string{"a", "b", "c"}[i%3], fmt.Sprint(i+1))); err != nil {
				t.Error(err)
				return
			}
		}
	})
	var got []event.Event
	from := uint64(1)
	t.eventually(func() error {
		page, err := peer.Read(t.Context(), from, 7, "a", "b", "c", "quiet")
		if err != nil {
			t.Fatal(err)
		}
		t.checkPage(page, from, 7)
		got, from = append(got, page.Events...), page.Next
		if len(got) < total {
			return fmt.Errorf("the reader saw %d events of %d: %s", len(got), total, payloads(got))
		}
		return nil
	})
	if payloads(got) != count(1, total) {
		t.Errorf("the reader saw %s", payloads(got))
	}
}
