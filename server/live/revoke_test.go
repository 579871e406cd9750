package live

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/fault"
)

// A withdrawn right ends streams on every node, and a client that comes back is refused.
func TestServer_RevokesOnAllNodes(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{})
	var banned atomic.Bool
	rule := func(r access.Right) error {
		if r.User == "ann" && banned.Load() {
			return fault.New(fault.Forbidden, "you were removed from the team")
		}
		return nil
	}
	var servers []*Server
	var urls []string
	for range 2 {
		s := newTestOn(t, log, Options{Identify: identifyByHeader, Follow: rule})
		Serve(s, lists, rule)
		servers, urls = append(servers, s), append(urls, serveTest(t, s))
	}
	var over, stays []*stream
	for _, url := range urls {
		over = append(over, followAs(t, url+"/events?topic=team.red&topic=notes", "ann"), followAs(t, url+"/events?topic=live.list.red", "ann"))
		stays = append(stays, followAs(t, url+"/events?topic=team.red", "bob"), followAs(t, url+"/events?topic=notes", "ann"))
	}
	for _, s := range append(over, stays...) {
		s.next("hello")
	}
	banned.Store(true)
	for _, pattern := range []string{"team.*", "live.list.**"} {
		if err := servers[0].Revoke(t.Context(), "ann", pattern); err != nil {
			t.Fatal(err)
		}
	}
	for i, s := range over {
		if data := s.next("bye"); !strings.Contains(data, `"revoked"`) {
			t.Errorf("stream %d: %s", i, data)
		}
	}
	for _, url := range urls {
		resp, body := ask(t, http.MethodGet, url+"/events?topic=team.red", "", "X-User", "ann")
		checkFault(t, "the stream, again", resp, body, fault.Forbidden)
		resp, body = ask(t, http.MethodGet, url+"/state?topic=live.list.red", "", "X-User", "ann")
		checkFault(t, "the state", resp, body, fault.Forbidden)
	}
	for _, topic := range []string{"team.red", "notes"} {
		if _, err := written.Publish(t.Context(), log, topic, note{"on"}); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range stays {
		s.next("live.written")
	}
	if err := servers[0].Revoke(t.Context(), AllUsers, "team.red"); err != nil {
		t.Fatal(err)
	}
	stays[0].next("bye")
	stays[2].next("bye")
	if err := servers[0].Revoke(t.Context(), "ann", "a..b"); err == nil {
		t.Error("a pattern that is none is taken")
	}
	resp, body := ask(t, http.MethodGet, urls[0]+"/poll?topic="+revokedTopic, "", "X-User", "bob")
	checkFault(t, "the topic of revocations", resp, body, fault.Forbidden)
}

func TestServer_RevokesHereThoughTheLogIsOutOfReach(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{})
	s := newTestOn(t, log, Options{Identify: identifyByHeader})
	open := followAs(t, serveTest(t, s)+"/events?topic=notes", "ann")
	open.next("hello")
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Revoke(over, "ann", "**"); err == nil {
		t.Error("it does not say that other nodes do not know")
	}
	open.next("bye")
}

func TestStreamEndsWithTheIdentityThatIdentifyReturns(t *testing.T) {
	s := newTest(t, Options{Identify: func(r *http.Request) (string, error) {
		access.Until(r.Context(), time.Now().Add(time.Second))
		return "ann", nil
	}})
	open := follow(t, serveTest(t, s)+"/events?topic=notes")
	if data := open.next("bye"); !strings.Contains(data, `"expired"`) {
		t.Errorf("it is sent %s", data)
	}
}

// A rule has the decoded request of a call and of a mutation.
func TestRuleSeesTheRequest(t *testing.T) {
	var asked []access.Right
	rule := func(r access.Right) error {
		r.HTTP = nil
		asked = append(asked, r)
		return nil
	}
	s := newTest(t, Options{Identify: identifyByHeader, Call: rule})
	Serve(s, lists, rule)
	url := serveTest(t, s)
	call(t, url, "live.echo", `{"text":"hello"}`, "X-User", "ann")
	call(t, url, "live.append", `{"list":"red","item":"a"}`, "X-User", "ann")
	want := []access.Right{
		{User: "ann", Action: access.Call, Command: "live.echo", Request: note{"hello"}},
		{User: "ann", Action: access.Change, Topic: "live.list.red", Key: "red", Command: "live.append", Request: appendRequest{List: "red", Item: "a"}},
	}
	if len(asked) != len(want) || asked[0] != want[0] || asked[1] != want[1] {
		t.Errorf("the rule is asked %+v, want %+v", asked, want)
	}
}
