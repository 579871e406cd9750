package e2e_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/coder/websocket"

	"github.com/seawaykit/seaway/shared/fault"
)

// What two parsers may read in two ways is refused, and so is what costs more than it says.
func TestAttackByJSON(t *testing.T) {
	t.Parallel()
	s := startServer(t, "-no-limits")
	wide := string(utf16Bytes(goodPost))
	for name, body := range map[string]string{
		"a name twice":               `{"room":"lobby","author":"ann","text":"hi","text":"ho"}`,
		"a name twice, once escaped": `{"room":"lobby","author":"ann","text":"hi","te\u0078t":"ho"}`,
		"another case":               `{"ROOM":"lobby","author":"ann","text":"hi"}`,
		"both cases":                 `{"room":"lobby","Room":"deck","author":"ann","text":"hi"}`,
		"a long s":                   `{"room":"lobby","author":"ann","text":"hi","\u017ftext":""}`,
		"a Kelvin sign":              `{"room":"lobby","author":"ann","text":"hi","\u212aey":""}`,
		"a name with NUL":            `{"room":"lobby","author":"ann","text":"hi","text\u0000":"x"}`,
		"an empty name":              `{"room":"lobby","author":"ann","text":"hi","":"x"}`,
		"its prototype":              `{"room":"lobby","author":"ann","text":"hi","__proto__":{"by":"x"}}`,
		"a member of the event":      `{"room":"lobby","author":"ann","text":"hi","by":"ABCDEFGHIJKLMNOP"}`,
		"a byte order mark":          "\ufeff" + goodPost,
		"UTF-16":                     wide,
		"bytes of no text":           strings.Replace(goodPost, "hi", "h\xc3\x28i", 1),
		"an overlong slash":          strings.Replace(goodPost, "hi", "\xc0\xaf", 1),
		"a surrogate in UTF-8":       strings.Replace(goodPost, "hi", "\xed\xa0\x80", 1),
		"data after it":              goodPost + "x",
		"NUL after it":               goodPost + "\x00",
		"a comment":                  strings.Replace(goodPost, ",", ",/* */", 1),
		"a comma at its end":         strings.Replace(goodPost, "}", ",}", 1),
		"single quotes":              strings.ReplaceAll(goodPost, `"`, "'"),
		"names without quotes":       `{room:"lobby",author:"ann",text:"hi"}`,
		"a line break in a text":     strings.Replace(goodPost, "hi", "h\ni", 1),
		"NaN":                        `{"room":"lobby","author":"ann","text":NaN}`,
		"a huge number":              `{"room":"lobby","author":"ann","text":` + strings.Repeat("9", 50_000) + `}`,
		"a huge exponent":            `{"room":"lobby","author":"ann","text":1e999999999}`,
		"deep arrays":                `{"room":` + strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000) + `}`,
		"deep arrays, not closed":    strings.Repeat("[", 60_000),
		"deep objects":               strings.Repeat(`{"room":`, 7_000) + "1" + strings.Repeat("}", 7_000),
		"many names":                 "{" + strings.Repeat(`"x":1,`, 9_000) + `"room":"lobby"}`,
		"a text of backslashes":      `{"room":"` + strings.Repeat(`\\`, 30_000) + `"}`,
		"an array of it":             "[" + goodPost + "]",
		"a text of it":               `"` + strings.ReplaceAll(goodPost, `"`, `\"`) + `"`,
		"true":                       "true",
		"spaces alone":               " \n\t ",
	} {
		status, reply, _ := s.command("POST", "/commands/chat.post", body)
		var refused fault.Body
		if err := json.Unmarshal([]byte(reply), &refused); err != nil || status != 400 || refused.Error == nil || refused.Error.Code != fault.Invalid || len(reply) > 2000 {
			t.Errorf("%s: %d %.200s (%d bytes)", name, status, reply, len(reply))
		}
	}
	for name, headers := range map[string][]string{
		"another encoding":  {"Content-Type", "application/json; charset=utf-16"},
		"another type":      {"Content-Type", "text/plain"},
		"two types":         {"Content-Type", "application/json, text/plain"},
		"a type like it":    {"Content-Type", "application/json-patch+json"},
		"a type of a form":  {"Content-Type", "application/x-www-form-urlencoded"},
		"several, of parts": {"Content-Type", "multipart/form-data; boundary=x"},
	} {
		if status, reply, _ := s.command("POST", "/commands/chat.post", goodPost, headers...); status != 415 {
			t.Errorf("%s: %d %s", name, status, reply)
		}
	}
	s.post("ann", "the only message")
	if texts := s.roomTexts(1); texts[0] != "the only message" {
		t.Errorf("the room holds %q", texts)
	}
	if logs := s.logs.String(); strings.Contains(logs, "level=ERROR") {
		t.Errorf("bad JSON is no error of the server's:\n%s", logs)
	}
}

func utf16Bytes(text string) (b []byte) {
	for _, unit := range append([]uint16{0xfeff}, utf16.Encode([]rune(text))...) {
		b = append(b, byte(unit>>8), byte(unit))
	}
	return b
}

// A socket's message is checked as a POST is.
func TestAttackByJSONOnASocket(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	send := func(message string) (answer string) {
		ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
		defer cancel()
		conn, _, err := websocket.Dial(ctx, s.url+"/socket?topic=room.lobby", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.CloseNow()
		if err := conn.Write(ctx, websocket.MessageText, []byte(message)); err != nil {
			return err.Error()
		}
		for {
			_, frame, err := conn.Read(ctx)
			if err != nil {
				return err.Error()
			}
			if _, reply, ok := strings.Cut(string(frame), "event: reply\ndata: "); ok {
				return reply
			}
		}
	}
	ok := `{"id":1,"command":"chat.post","body":` + goodPost + `}`
	for name, message := range map[string]string{
		"a name twice in its body": strings.Replace(ok, `"author"`, `"room":"deck","author"`, 1),
		"a body of another case":   strings.Replace(ok, `"author"`, `"Author"`, 1),
		"no body":                  `{"id":1,"command":"chat.post"}`,
		"null":                     `{"id":1,"command":"chat.post","body":null}`,
		"another command":          strings.Replace(ok, "chat.post", "../chat.post", 1),
		"a command of a path":      strings.Replace(ok, "chat.post", "chat.post?x=1", 1),
		"a line break":             strings.Replace(ok, "chat.post", `chat.post\r\nX-A: b`, 1),
		"a key of two lines":       strings.Replace(ok, `"command"`, `"key":"a\nb","command"`, 1),
		"deep arrays":              `{"id":1,"command":"chat.post","body":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`,
		"no JSON":                  "hello",
		"an array":                 "[" + ok + "]",
		"bytes of no text":         "\xff\xfe",
		"two":                      ok + ok,
	} {
		answer := send(message)
		if strings.Contains(answer, `"status":200`) || strings.Contains(answer, `"status":5`) || answer == "" {
			t.Errorf("%s: %s", name, answer)
		}
	}
	if answer := send(ok); !strings.Contains(answer, `"status":200`) {
		t.Errorf("the test is of no use: %s", answer)
	}
	if texts := s.roomTexts(1); len(texts) != 1 || texts[0] != "hi" {
		t.Errorf("the room holds %q", texts)
	}
}
