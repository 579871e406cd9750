package live

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/shared/fault"
)

// These tests are the table of rights of SECURITY.md: who has each, who has it not, and that
// it ends, over each way to each of two nodes.

// rightsBound is when a right has ended on this node and on the other. What is promised is
// 1 s and 10 s; a machine that is busy with much else is given more, and -v shows the times.
var rightsBound = [2]time.Duration{30 * time.Second, 60 * time.Second}

// awaitEnds checks how connections end, and how soon after began.
func awaitEnds(t *testing.T, all []connected, reason string, began time.Time) {
	t.Helper()
	var slowest [2]time.Duration
	for _, h := range all {
		last := within(t, h.way.name, h.done)
		took := time.Since(began)
		slowest[h.way.node] = max(slowest[h.way.node], took)
		if !strings.Contains(last, `"reason":"`+reason+`"`) || took > rightsBound[h.way.node] {
			t.Errorf("%s ends after %v with %q, want %s", h.way.name, took, last, reason)
		}
	}
	t.Logf("%d connections have ended after %v here and %v on the other node", len(all), slowest[0].Round(time.Millisecond), slowest[1].Round(time.Millisecond))
}

func TestRightToFollow(t *testing.T) {
	for _, cause := range []struct {
		name   string
		after  int // the status for who had the right
		reason string
		end    func(r *rightsRig) error
	}{
		{"revoked", http.StatusForbidden, "revoked", func(r *rightsRig) error {
			r.team.set("carl")
			return r.nodes[0].Revoke(t.Context(), "ann", "**")
		}},
		{"signed out everywhere", http.StatusUnauthorized, "revoked", func(r *rightsRig) error {
			return r.sessions[0].SignOutEverywhere(t.Context(), "ann")
		}},
	} {
		t.Run(cause.name, func(t *testing.T) {
			r := newRightsRig(t)
			ann, bob, carl := r.cookie("ann"), r.cookie("bob"), r.cookie("carl")
			for _, w := range allWays() { // first: one that has just begun may end as well
				r.hold(w, rightsTopics[0], "carl", carl)
			}
			var ending []connected
			for _, w := range allWays() {
				for _, topic := range rightsTopics {
					if stranger, other := r.status(w, topic, ""), r.status(w, topic, bob); stranger != http.StatusUnauthorized || other != http.StatusForbidden {
						t.Errorf("%s of %s: a stranger is answered %d, a user who is not on the team %d", w.name, topic, stranger, other)
					}
					ending = append(ending, r.hold(w, topic, "ann", ann))
				}
			}
			began := time.Now()
			if err := cause.end(r); err != nil {
				t.Fatal(err)
			}
			awaitEnds(t, ending, cause.reason, began)
			for _, w := range allWays() {
				for _, topic := range rightsTopics {
					r.until("the other node refuses her", func() bool { return w.node == 0 || r.status(w, topic, ann) == cause.after })
					if got := r.status(w, topic, ann); got != cause.after {
						t.Errorf("%s of %s, again: %d", w.name, topic, got)
					}
				}
			}
			if got := r.connections("carl"); got != len(allWays()) {
				t.Errorf("another user has %d of %d connections", got, len(allWays()))
			}
		})
	}
}

// A connection ends with the identity that it was opened with.
func TestRightToFollowEndsWithTheIdentity(t *testing.T) {
	r := newRightsRig(t)
	ann, carl := r.cookie("ann"), r.cookie("carl")
	r.hold(allWays()[0], rightsTopics[0], "carl", carl)
	var ending []connected
	for _, w := range allWays() {
		ending = append(ending, r.hold(w, rightsTopics[0], "ann", ann, "Expires", "soon"))
	}
	awaitEnds(t, ending, "expired", time.Now())
	if r.connections("carl") != 1 {
		t.Error("another user's has ended as well")
	}
}

// What is asked for each time ends at the next time: states, mutations, calls and forms.
func TestRightOfARequest(t *testing.T) {
	r := newRightsRig(t)
	ann, bob := r.cookie("ann"), r.cookie("bob")
	n := 0
	rows := map[string]func(w way, cookie string) int{
		"to read a state": func(w way, cookie string) int {
			return r.do(w, "GET", "/state?topic="+rightsTopics[0], "", cookie).StatusCode
		},
		"to change a state": func(w way, cookie string) int {
			n++
			return r.do(w, "POST", "/commands/live.append", fmt.Sprintf(`{"list":"red","item":"%d"}`, n), cookie, "Content-Type", "application/json").StatusCode
		},
		"to call a command": func(w way, cookie string) int {
			return r.do(w, "POST", "/commands/live.echo", `{"text":"a"}`, cookie, "Content-Type", "application/json").StatusCode
		},
		"to call a command by a form": func(w way, cookie string) int {
			status := r.do(w, "POST", "/echo", "text=a", cookie, "Content-Type", "application/x-www-form-urlencoded").StatusCode
			if status == http.StatusSeeOther {
				status = http.StatusOK
			}
			return status
		},
	}
	check := func(when string, want map[string]int) {
		t.Helper()
		for row, ask := range rows {
			for _, w := range allWays() {
				if w.path == "/poll" {
					continue // the same request
				}
				for cookie, want := range want {
					if got := ask(w, cookie); got != want {
						t.Errorf("%s %s, %s: %d, want %d", when, row, w.name, got, want)
					}
				}
			}
		}
	}
	check("at first", map[string]int{"": 401, bob: 403, ann: 200})
	r.team.set("bob")
	check("after the team has changed", map[string]int{"": 401, bob: 200, ann: 403})
}

// A socket that stays open, since its topic is still allowed, has no more rights than a POST.
func TestRightOfACallOnASocketThatStaysOpen(t *testing.T) {
	r := newRightsRig(t)
	r.team.set("ann", "carl")
	for _, w := range allWays() {
		if w.path != "/socket" {
			continue
		}
		conn := r.socket(w, rightsTopics[1], r.cookie("ann"))
		checkReply(t, conn, echo.Name(), 200, `{"text":"I am ann"}`)
		r.team.set("carl")
		checkReply(t, conn, echo.Name(), 403, "")
		checkReply(t, conn, write.Name(), 403, "")
		r.team.set("ann", "carl")
	}
}

// A page is drawn for its visitor, and what is kept of it for everyone is a stranger's.
func TestRightToSeeAStateInAPage(t *testing.T) {
	var open team
	s := newTest(t, Options{Identify: func(*http.Request) (string, error) { return "ann", nil }})
	Serve(s, lists, func(r access.Right) error {
		if r.Action != access.Read {
			t.Errorf("the rule is asked about %+v", r)
		}
		if !open.has(cmp.Or(r.User, "everyone"), "") {
			return errNotPublic
		}
		return nil
	})
	s.Handler()
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	ctx := context.WithValue(t.Context(), callerKey{}, caller{identity: "ann", request: request})
	for _, user := range []string{"", "ann", "everyone", ""} {
		if open.set(); user != "" {
			open.set(user)
		}
		_, _, _, err := s.State(ctx, rightsTopics[0])
		if allowed := user == "ann"; allowed != (err == nil) || err != nil && fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("Ann's page, if %q may see it: %v", user, err)
		}
		_, _, _, err = s.State(t.Context(), rightsTopics[0])
		if public := user == "everyone"; public != (err == nil) || public != s.arePublic(ctx, rightsTopics[:1]) {
			t.Errorf("a stranger's page, if %q may see it: %v; it is public: %v", user, err, !public)
		}
	}
}
