package live

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/state"
)

// A record is a list of which pages follow the newest two.
type record struct {
	Order []string       `json:"order"`
	Items map[string]int `json:"items"`
}

func (f *record) items() (*[]string, *map[string]int) { return &f.Order, &f.Items }

var (
	records  = state.Define("live.record", state.Newest(2, (*record).items))
	recorded = state.On(records, "live.recorded", func(f *record, e event.Of[string]) {
		if _, known := f.Items[e.Value]; !known {
			f.Order = append(f.Order, e.Value)
		}
		f.Items[e.Value]++
	})
)

func TestServe_AnswersWithOlderItems(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{})
	s := newTestOn(t, log, Options{})
	Serve(s, records, Everyone)
	url := serveTest(t, s) + "/state?topic=live.record.red"
	var last event.ID
	for i := range 70 {
		id, err := recorded.Publish(t.Context(), log, records.Topic("red"), fmt.Sprint(i+10))
		if err != nil {
			t.Fatal(err)
		}
		last = id
	}
	if _, err := recorded.Publish(t.Context(), log, records.Topic("blue"), "other"); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"&before=12&n=3":   `"value":{"order":["10","11"],"items":{"10":1,"11":1}},"more":false}`,
		"&before=14&n=2":   `"value":{"order":["12","13"],"items":{"12":1,"13":1}},"more":true}`,
		"&before=10":       `"value":{"order":[],"items":{}},"more":false}`,
		"&before=gone":     `"value":{"order":[],"items":{}},"more":false}`,
		"&window&from=77":  `"value":{"order":["77","78","79"],"items":{"77":1,"78":1,"79":1}}}`,
		"&window&from=abc": `"value":{"order":["78","79"],"items":{"78":1,"79":1}}}`,
	} {
		if resp, body := ask(t, "GET", url+query, ""); resp.StatusCode != 200 || !strings.HasSuffix(strings.TrimSpace(body), want) {
			t.Errorf("%s: %d %s, want %s", query, resp.StatusCode, body, want)
		}
	}
	_, body := ask(t, "GET", url+"&before=79", "")
	if !strings.Contains(body, `"order":["29","30"`) { // 50 of them
		t.Errorf("without a number it is %s", body)
	}
	// The position is that of the topic's newest event, so that a page can wait for it.
	if !strings.HasPrefix(body, `{"position":"`+last.String()+`"`) {
		t.Errorf("the newest event is %s, the answer %.80s", last, body)
	}
}

func TestServe_RefusesRequestsForOlderItemsThatCannotBe(t *testing.T) {
	log := eventlog.NewMemory(eventlog.Retention{})
	s := newTestOn(t, log, Options{Identify: identifyByHeader})
	Serve(s, records, ownOnly)
	Serve(s, lists, ownOnly)
	url := serveTest(t, s)
	for path, field := range map[string]string{
		"/state?topic=live.record.ann&before=a&n=0":    "n",
		"/state?topic=live.record.ann&before=a&n=501":  "n",
		"/state?topic=live.record.ann&before=a&n=many": "n",
		"/state?topic=live.list.ann&before=a":          "before",
		"/state?topic=live.list.ann&window&from=a":     "from",
	} {
		resp, body := ask(t, "GET", url+path, "", "X-User", "ann")
		checkFault(t, path, resp, body, fault.Invalid)
		if !strings.Contains(body, `"field":"`+field+`"`) {
			t.Errorf("%s: %s", path, body)
		}
	}
	resp, body := ask(t, "GET", url+"/state?topic=live.record.ann&before=a", "", "X-User", "bob")
	checkFault(t, "another's", resp, body, fault.Forbidden)
}
