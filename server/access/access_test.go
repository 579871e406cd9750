package access_test

import (
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/shared/fault"
)

func TestPatternMatches(t *testing.T) {
	for pattern, names := range map[string]map[string]bool{
		"clock":        {"clock": true, "clocks": false, "clock.a": false, "": false, "a.clock": false},
		"team.*":       {"team.red": true, "team": false, "team.red.a": false, "teams.red": false, "team.": false},
		"team.**":      {"team.red": true, "team.red.a": true, "team": false, "team.": false, "other.red": false},
		"*":            {"a": true, "a.b": false, "": false},
		"**":           {"a": true, "a.b.c": true, "": false},
		"*.log":        {"a.log": true, "a.b.log": false, "log": false, ".log": false},
		"team.*.chat":  {"team.red.chat": true, "team.red.board": false, "team.chat": false, "team.red.chat.a": false},
		"team.*.on.**": {"team.red.on.a.b": true, "team.red.on": false, "team.red.off.a": false},
	} {
		if err := access.CheckPattern(pattern); err != nil {
			t.Errorf("%s: %v", pattern, err)
		}
		for name, want := range names {
			if got := access.Match(pattern, name); got != want {
				t.Errorf("%s of %q: %v", pattern, name, got)
			}
		}
	}
	for _, bad := range []string{"", ".", "a.", ".a", "a..b", "**.a", "a*", "a.b**", "a.***", "a b", "a/b"} {
		if access.CheckPattern(bad) == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// keyed returns a rule that notes which key it is asked about.
func keyed(name string, asked *string) access.Rule {
	return func(r access.Right) error {
		*asked = name + " " + r.Key
		return nil
	}
}

func TestRuleOfTheMostExactPatternDecides(t *testing.T) {
	var asked string
	all := map[string]access.Rule{}
	for _, p := range []string{"**", "*", "team.**", "team.*", "team.red", "team.*.chat", "*.red.chat"} {
		all[p] = keyed(p, &asked)
	}
	all["team.blue"] = nil
	topics, commands := access.ByTopic(all), access.ByCommand(all)
	for name, want := range map[string]string{
		"clock": "* clock", "a.b": "** a.b", "team.red": "team.red ", "team.green": "team.* green",
		"team.red.chat": "team.*.chat red.chat", "team.red.other": "team.** red.other", "a.red.chat": "*.red.chat a.red.chat",
	} {
		if err := topics(access.Right{Topic: name, Action: access.Follow}); err != nil || asked != want {
			t.Errorf("the topic %s: %q is asked (%v), want %q", name, asked, err, want)
		}
		if err := commands(access.Right{Command: name, Action: access.Call}); err != nil || asked != want {
			t.Errorf("the command %s: %q is asked (%v), want %q", name, asked, err, want)
		}
	}
	if err := topics(access.Right{Topic: "team.blue", Action: access.Follow}); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("a nil rule: %v", err)
	}
	if err := access.ByTopic(nil)(access.Right{Topic: "a", Action: access.Read}); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("no rule: %v", err)
	}
	if err := topics(access.Right{Action: access.Call, Command: "a"}); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("a right without a topic: %v", err)
	}
}

func TestPatternThatIsNoneIsRefusedAtOnce(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it is taken")
		}
	}()
	access.ByTopic(map[string]access.Rule{"a..b": access.Everyone})
}

func TestRulesOfUsers(t *testing.T) {
	onTeam := access.Allow(func(user, key string) bool { return user == "ann" && key == "red" })
	for _, c := range []struct {
		name      string
		rule      access.Rule
		user, key string
		want      fault.Code
	}{
		{"everyone", access.Everyone, "", "red", ""},
		{"users", access.Users, "", "red", fault.Unauthenticated},
		{"users", access.Users, "ann", "red", ""},
		{"own", access.Own, "ann", "ann", ""},
		{"own", access.Own, "ann", "bob", fault.Forbidden},
		{"own", access.Own, "", "", fault.Unauthenticated},
		{"a team", onTeam, "ann", "red", ""},
		{"a team", onTeam, "ann", "blue", fault.Forbidden},
		{"a team", onTeam, "", "red", fault.Unauthenticated},
	} {
		if got := fault.CodeOf(c.rule(access.Right{User: c.user, Key: c.key, Action: access.Follow})); got != c.want {
			t.Errorf("%s, %q of %q: %q, want %q", c.name, c.key, c.user, got, c.want)
		}
	}
}

func TestExpiryIsNotedInItsContextOnly(t *testing.T) {
	at := time.Unix(1_900_000_000, 0)
	access.Until(t.Context(), at) // does nothing
	if _, ok := access.Expiry(t.Context()); ok {
		t.Error("a context without a place has an expiry")
	}
	ctx := access.WithExpiry(t.Context())
	if _, ok := access.Expiry(ctx); ok {
		t.Error("there is an expiry before Until")
	}
	access.Until(ctx, at)
	if got, ok := access.Expiry(ctx); !ok || !got.Equal(at) {
		t.Errorf("%v, %v", got, ok)
	}
}
