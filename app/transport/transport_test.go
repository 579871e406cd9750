package transport

import (
	"testing"

	"github.com/seawaykit/seaway/shared/event"
)

func TestRequestResumesAfterAPosition(t *testing.T) {
	at := event.NewID("e1", 7, "key")
	r := Request{URL: "/events?after=old&topic=a", Names: []string{"a"}}
	if !r.After().IsZero() {
		t.Errorf("it resumes after %v, which is no position", r.After())
	}
	from := r.From(at)
	if from.After() != at || from.URL != "/events?after="+at.String()+"&topic=a" || len(from.Names) != 1 {
		t.Errorf("it is %+v", from)
	}
	for _, same := range []Request{r, {URL: "http://[::1"}} {
		if got := same.From(event.ID{}); got.URL != same.URL {
			t.Errorf("from nowhere it is %s", got.URL)
		}
	}
	if bad := (Request{URL: "http://[::1"}); !bad.After().IsZero() || bad.From(at).URL != bad.URL {
		t.Error("a bad URL is changed")
	}
}

func TestFrameKnowsWhatItIs(t *testing.T) {
	for name, final := range map[string]bool{"bye": true, "fault": true, "hello": false, "a": false} {
		if got := (Frame{Name: name}).Final(); got != final {
			t.Errorf("%s is final: %v", name, got)
		}
	}
	if h := (Frame{Name: "hello", Data: `{"epoch":"e1"}`}).Hello(); h == nil || h.Epoch != "e1" {
		t.Errorf("the hello is %+v", h)
	}
	for _, none := range []Frame{{Name: "hello", Data: "{"}, {Name: "a", Data: "{}"}} {
		if h := none.Hello(); h != nil {
			t.Errorf("%+v is the hello %+v", none, h)
		}
	}
}
