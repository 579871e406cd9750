package e2e_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/guest"
)

// No spelling of a topic opens what its plain name does not: wildcards and subjects of
// NATS, empty tokens, escapes, look-alikes, line breaks, topics of servers and of other
// guests. Each is refused on each door, and the refusal is no frame but JSON.
func TestAttackByTopics(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-no-limits")
	ann, bob := s.guestClient("Ann"), s.guestClient("Bob")
	ask(ann, chat.Post.Command(), chat.PostRequest{Room: "lobby", Text: "@bob secret"})
	for _, topic := range []string{
		"*", ">", "**", "room.*", "room.>", "*.lobby", "user.*", "user.>", "room.lobby.>", ".", "..", "room.", ".lobby", "room..lobby", "",
		"$JS", "$JS.API.STREAM.INFO.SEAWAY", "$SYS.>", "$KV.x", "_INBOX.a", "SEAWAY", "SEAWAY-VALUES", "$G",
		"room%2elobby%00", "room%2Elobby", "room.lobby%0d%0aevent: hello", "room.lobby\r\n\r\nevent: hello\ndata: {}\n\n", "room.lobby\x00", "room.lobby ", " room.lobby", "room.lobby\t",
		"r\u043e\u043em.lobby", "room\u2024lobby", "room\uff0elobby", "room.lobby\u200b", "\ufeffroom.lobby", "room.lo\u0308bby", "room.\u202eybbol", "\xff\xfe",
		"room.lobby/../members", "room/lobby", "room.lobby#", "room.lobby?x", "room.lobby,clock", "room.lobby;clock", "room.lobby|clock", "room.lobby&clock",
		strings.Repeat("a", 129), strings.Repeat("a.", 64) + "a", strings.Repeat("a", 20_000), strings.Repeat(".", 200),
		"ROOM.lobby", "Room.lobby", "room.members", "board.green", "board.red.x", "room.lobby.x",
		"user." + bob.ID, "user." + strings.ToLower(ann.ID), "user." + ann.ID + ".x", "user." + ann.ID[:15], "user", "USER." + ann.ID,
		"guest.names.all", "guest.members.all", "presence.nodes", "seaway.revoked", "seaway.epoch", "state.board.red", "kind.board", "key.recalled", "session.x",
	} {
		query := url.Values{"topic": {topic}}.Encode()
		for _, path := range []string{"/events?", "/poll?", "/socket?", "/state?", "/events?topic=user." + ann.ID + "&", "/poll?topic=clock&"} {
			resp := ann.follow(path + query)
			var refused fault.Body
			err := json.NewDecoder(resp.Body).Decode(&refused)
			if resp.Body.Close(); resp.StatusCode < 400 || resp.StatusCode > 404 || err != nil || refused.Error == nil || refused.Error.Message == "" || resp.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s%.60q is answered with %d %v (%v)", path, topic, resp.StatusCode, resp.Header, err)
			}
		}
	}
	// What the test asks by is good: her own inbox is hers alone.
	for _, c := range []struct {
		of   *guestClient
		want int
	}{{ann, 200}, {bob, 403}} {
		for _, path := range []string{"/events", "/poll", "/state"} {
			resp := c.of.follow(path + "?topic=user." + ann.ID)
			if resp.Body.Close(); resp.StatusCode != c.want {
				t.Errorf("%s of ann's inbox for %s: %d", path, c.of.Name, resp.StatusCode)
			}
		}
	}
	if logs := s.logs.String(); strings.Contains(logs, "level=ERROR") {
		t.Errorf("a topic that is none is no error of the server's:\n%s", logs)
	}
}

// Parameters that are there twice, or in another form, have one meaning or none.
func TestAttackByParameters(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.post("ann", "hello")
	for _, query := range []string{
		"topic=room.lobby&topic=user.ABCDEFGHIJKLMNOP", "topic=room.lobby;topic=clock", "topic[]=room.lobby", "Topic=room.lobby", "topic=%zz", "topic=room.lobby&x=%",
		"topic=room.lobby&last=-1", "topic=room.lobby&last=1e3", "topic=room.lobby&last=10001", "topic=room.lobby&last=99999999999999999999", "topic=room.lobby&last=0x10",
		"topic=room.lobby&schema=%3Cscript%3E", "topic=room.lobby&wait=-1", "topic=room.lobby&wait=x",
	} {
		for _, path := range []string{"/events?", "/poll?", "/socket?"} {
			if strings.Contains(query, "wait") && path != "/poll?" {
				continue
			}
			status, header := door{method: "GET", path: path + query}.open(s, s.url)
			if status != 400 && status != 403 || header.Get("Content-Type") != "application/json" {
				t.Errorf("%s%s: %d %v", path, query, status, header)
			}
		}
	}
	// A position that is none begins anew, and no part of it is sent.
	for _, after := range []string{"*", "evil", "evil-b-c", strings.Repeat("evil", 30), "\nevent: evil", "evil\r\n\r\ndata: evil", "../evil", "\x00evil", "evil-1-AAAAAAAA", "evil-99999999999999999999-AAAA"} {
		for _, headers := range [][]string{nil, {"Last-Event-ID", strings.NewReplacer("\n", " ", "\r", " ", "\x00", " ").Replace(after)}} {
			query := url.Values{"topic": {"room.lobby"}, "after": {after}}.Encode()
			if status, reply, _ := s.command("GET", "/poll?"+query, "", headers...); status != 200 || !strings.Contains(reply, `"mode":"reset"`) || strings.Contains(reply, "evil") {
				t.Errorf("after %q: %d %s", after, status, reply)
			}
		}
	}
	for _, query := range []string{"topic=board.red&topic=board.blue", "topic=room.lobby&before=a&n=0", "topic=room.lobby&before=a&n=501", "topic=room.lobby&before=a&n=x", ""} {
		if status, reply, _ := s.command("GET", "/state?"+query, ""); status != 400 {
			t.Errorf("/state?%s: %d %s", query, status, reply)
		}
	}
}

// A command names rooms and boards in its body: the same holds.
func TestAttackByNamesInCommands(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-no-limits")
	ann, bob := s.guestClient("Ann"), s.guestClient("Bob")
	ask(ann, guest.Join, guest.MembershipRequest{})
	ask(ann, chat.Post.Command(), chat.PostRequest{Room: "members", Text: "among us"})
	cookie := ""
	for _, c := range bob.client.Jar.Cookies(mustParse(t, s.url)) {
		cookie = c.Name + "=" + c.Value
	}
	for _, name := range []string{"*", ">", "lobby.>", "", ".", "..", "lobby.x", "lobby\x00", "lobby\n", "lobby\u200b", "l\u043ebby", "../members", "lobby/x", "$JS", strings.Repeat("r", 129), "members", "Lobby ", " lobby"} {
		for command, member := range map[string]string{"chat.post": "room", "board.add": "board", "chat.remove": "room"} {
			body := map[string]string{member: name}
			switch command {
			case "chat.post":
				body["author"], body["text"] = "bob", "x"
			case "chat.remove":
				body["id"] = "x"
			default:
				body["column"], body["title"] = "todo", "x"
			}
			text, _ := json.Marshal(body)
			if status, reply, _ := s.command("POST", "/commands/"+command, string(text), "Cookie", cookie); status != 400 && status != 403 {
				t.Errorf("%s of %.40q: %d %s", command, name, status, reply)
			}
		}
	}
	for _, path := range []string{"/commands/", "/commands/chat.post/", "/commands/chat.post%2f", "/commands/chat%2epost/..", "/commands/CHAT.POST", "/commands/chat.post%00", "/commands/live.write", "/commands/../commands/chat.burn", "/commands/*"} {
		if status, reply, _ := s.command("POST", path, `{}`); status == 200 || status >= 500 {
			t.Errorf("POST %s: %d %s", path, status, reply)
		}
	}
	s.post("ann", "the only message")
	if texts := s.roomTexts(1); texts[0] != "the only message" {
		t.Errorf("the room holds %q", texts)
	}
}

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
