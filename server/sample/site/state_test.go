package site_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/sample/chat"
	"github.com/seawaykit/seaway/shared/sample/inbox"
)

// state reads a state over HTTP, with the rest of the query, and returns the refusal
// if there is one.
func stateOf(b *browser, topic, query string, value any) *fault.Error {
	b.rig.t.Helper()
	resp, text := b.get("/state?topic=" + topic + query)
	answer := struct {
		Position event.ID     `json:"position"`
		Value    any          `json:"value"`
		Error    *fault.Error `json:"error"`
	}{Value: value}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		b.rig.t.Fatalf("%s: status %d, %.200q: %v", topic, resp.StatusCode, text, err)
	}
	if ok := resp.StatusCode == http.StatusOK; ok != (answer.Error == nil) || ok == answer.Position.IsZero() {
		b.rig.t.Fatalf("%s: status %d, %.200q", topic, resp.StatusCode, text)
	}
	return answer.Error
}

// room returns a room's state.
func (r *rig) room(name string) (h chat.History) {
	r.t.Helper()
	if refused := stateOf(r.program(), chat.Topic(name), "", &h); refused != nil {
		r.t.Fatal(refused)
	}
	return h
}

// texts returns the texts of a room's messages.
func texts(h chat.History) (all []string) {
	for line := range h.Messages {
		all = append(all, line.Text)
	}
	return all
}

func TestStateIsReadByItsAudienceOnly(t *testing.T) {
	r := newRig(t)
	all := newCast(r)
	const no = fault.Forbidden
	own := inbox.Topic(all.author.guest)
	for topic, may := range map[string]verdicts{
		chat.Topic("lobby"): mayDo("", "", ""),
		chat.Topic("mine"):  mayDo("", "", ""),
		own:                 mayDo("", no, no),
		own + ".x":          mayDo(no, no, no),
		own + "x":           mayDo(no, no, no),
		"guest.names.all":   mayDo(no, no, no),
		"guest.names.x":     mayDo(no, no, no),
		"room.a.b":          mayDo(no, no, no),
	} {
		for caller, b := range all.each() {
			for _, query := range []string{"", "&window"} {
				refused := stateOf(b, topic, query, new(json.RawMessage))
				status := 0
				if refused != nil {
					status = refused.Status()
				}
				checkRefusal(t, caller+" of "+topic+query, refused, status, may[caller])
			}
		}
	}
}
