package live

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)

// A diary is its user's own.
type diary struct{ Lines []string }

var (
	diaries = state.Define[diary]("live.diary")
	entered = state.On(diaries, "live.entered", func(d *diary, e event.Of[string]) { d.Lines = append(d.Lines, e.Value) })
	enter   = state.Mutate(diaries, "live.enter", func(c *state.Call, _ diary, r enterRequest) (enterReply, error) {
		state.Emit(c, entered, r.prefix+r.Text)
		return enterReply{thing: c.NewID()}, nil
	})
)

type enterRequest struct {
	Text   string `json:"text"`
	prefix string // the server's
}

func (enterRequest) StateKey() string { return "" }

func (r enterRequest) Check() error {
	if r.Text == "" {
		return Invalid("text", "there is none")
	}
	return nil
}

type enterReply struct {
	state.Stored
	thing string
}

func TestAroundCompletesARequestAndGoesOnWithTheReply(t *testing.T) {
	s := newTest(t, Options{Identify: identifyByHeader})
	kept := Serve(s, diaries, ownOnly)
	things := map[string]bool{}
	Around(kept, enter, func(ctx context.Context, r enterRequest, do func(context.Context, enterRequest) (enterReply, error)) (enterReply, error) {
		if r.Text == "secret" {
			return enterReply{}, fault.New(fault.Forbidden, "not that")
		}
		r.prefix = "> "
		reply, err := do(ctx, r)
		if err == nil && !reply.ID.IsZero() {
			things[reply.thing] = true
		}
		return reply, err
	})
	url := serveTest(t, s) + "/commands/live.enter"
	send := func(text, key string, want int) string {
		t.Helper()
		headers := []string{"X-User", "ann", "Content-Type", "application/json"}
		if key != "" {
			headers = append(headers, "Idempotency-Key", key)
		}
		resp, body := ask(t, "POST", url, `{"text":"`+text+`"}`, headers...)
		if resp.StatusCode != want {
			t.Errorf("%q is answered %d %s, want %d", text, resp.StatusCode, body, want)
		}
		return body
	}
	first := send("hi", "k", http.StatusOK)
	if again := send("hi", "k", http.StatusOK); again != first || !strings.HasPrefix(first, `{"id":"`) {
		t.Errorf("it is answered %s, again %s", first, again)
	}
	if len(things) != 1 {
		t.Errorf("a call and its retry make %d things", len(things))
	}
	send("hi", "", http.StatusOK)
	send("hi", "", http.StatusOK)
	if len(things) != 3 {
		t.Errorf("two calls without a key make %d things more", len(things)-1)
	}
	send("secret", "k2", http.StatusForbidden)
	send("", "k3", http.StatusBadRequest)
	d, _, err := kept.At(t.Context(), "ann")
	if got, _ := json.Marshal(d.Lines); err != nil || string(got) != `["\u003e hi","\u003e hi","\u003e hi"]` {
		t.Errorf("the diary is %s (%v)", got, err)
	}
	if resp, body := ask(t, "POST", url, `{"text":"hi"}`, "Content-Type", "application/json"); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger's own diary: %d %s", resp.StatusCode, body)
	}
}

func TestRuleOfSomeKeysRefusesOthers(t *testing.T) {
	rule := EveryoneOf("red", "blue")
	if err := rule(access.Right{Key: "blue"}); err != nil {
		t.Errorf("blue: %v", err)
	}
	if err := rule(access.Right{User: "ann", Key: "green"}); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("green: %v", err)
	}
}
