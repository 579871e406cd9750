package live

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)

// An append asks to append an item to a list, once.
type appendRequest struct {
	List string `json:"list"`
	Item string `json:"item"`
}

func (r appendRequest) StateKey() string { return r.List }

type appendReply struct {
	At int    `json:"at"`
	ID string `json:"id"`
}

var errThere = fault.New(fault.Conflict, "the list has it already")

var _ = state.Mutate(lists, "live.append", func(c *state.Call, l list, r appendRequest) (appendReply, error) {
	for _, item := range l.Items {
		if r.Item == "panic" {
			panic("no such item")
		}
		if item == r.Item {
			return appendReply{}, errThere
		}
	}
	state.Emit(c, listed, r.Item)
	return appendReply{At: len(l.Items), ID: c.NewID()}, nil
})

func TestMutationIsDecidedOnTheStateAsItIs(t *testing.T) {
	s := newTest(t, Options{Identify: identifyByHeader})
	kept := Serve(s, lists, ownOnly)
	url := serveTest(t, s) + "/commands/live.append"
	call := func(user, key, item string) (status int, body string) {
		resp, body := ask(t, "POST", url, fmt.Sprintf(`{"list":"ann","item":%q}`, item), "X-User", user, "Idempotency-Key", key, "Content-Type", "application/json")
		return resp.StatusCode, body
	}
	status, first := call("ann", "k1", "a")
	var reply state.Answer[appendReply]
	if err := json.Unmarshal([]byte(first), &reply); err != nil || status != 200 || len(reply.Events) != 1 || reply.Reply.At != 0 || len(reply.Reply.ID) != 32 {
		t.Fatalf("the first: %d %s (%v)", status, first, err)
	}
	if status, body := call("ann", "k2", "a"); status != 409 || !strings.Contains(body, errThere.Message) {
		t.Errorf("what is there already: %d %s", status, body)
	}
	if status, body := call("ann", "k1", "a"); status != 200 || !strings.Contains(body, reply.Events[0].String()) {
		t.Errorf("a retry of the first: %d %s", status, body)
	}
	if status, body := call("ann", "k4", "panic"); status != 500 || strings.Contains(body, "no such item") {
		t.Errorf("a function that panics: %d %s", status, body)
	}
	if status, body := call("bob", "k3", "b"); status != 403 {
		t.Errorf("another's list: %d %s", status, body)
	}
	if l, _, err := kept.At(t.Context(), "ann"); err != nil || len(l.Items) != 1 {
		t.Errorf("the list is %v (%v)", l, err)
	}
	if resp, body := ask(t, "POST", url, `{"list":"a..b","item":"a"}`, "X-User", "a..b", "Content-Type", "application/json"); resp.StatusCode != 400 {
		t.Errorf("a key that is no topic: %d %s", resp.StatusCode, body)
	}
}

// Two nodes decide at the same time: each item gets a place of its own.
func TestMutationsOfTwoNodesConflictAndAreDecidedAgain(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{MaxEvents: 20})
	var urls []string
	var kept []*States[list]
	for range 2 {
		s := newTestOn(t, log, Options{})
		kept = append(kept, Serve(s, lists, Everyone))
		urls = append(urls, serveTest(t, s))
	}
	const writers, each = 8, 20
	var wg sync.WaitGroup
	places := make(chan int, writers*each)
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				body := fmt.Sprintf(`{"list":"red","item":"%d-%d"}`, w, i)
				resp, text := ask(t, "POST", urls[w%2]+"/commands/live.append", body, "Content-Type", "application/json")
				var reply state.Answer[appendReply]
				if err := json.Unmarshal([]byte(text), &reply); err != nil || resp.StatusCode != 200 {
					t.Errorf("%d %s", resp.StatusCode, text)
					return
				}
				places <- reply.Reply.At
			}
		})
	}
	wg.Wait()
	close(places)
	taken := map[int]bool{}
	for at := range places {
		if taken[at] {
			t.Errorf("place %d was given twice", at)
		}
		taken[at] = true
	}
	for i, k := range kept {
		if l, _, err := k.At(t.Context(), "red"); err != nil || len(l.Items) != writers*each {
			t.Errorf("node %d has %d items (%v)", i, len(l.Items), err)
		}
	}
}
