package transport_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/transport"
)

const helloAgain = "event: hello\ndata: {\"mode\":\"resumed\"}\n\n"

// calm is an environment in which nothing happens: a browser's own events come
// from outside of a bubble.
type calm struct{}

func (calm) Watch(func(source.PageEvent)) (stop func()) { return func() {} }
func (calm) Online() bool                               { return true }
func (calm) Hidden() bool                               { return false }
func (calm) Now() time.Time                             { return time.Now() }

// A poll sees for itself what an EventSource has to be told by a probe, also when
// it has gone well before.
func TestAnswerInAPollsPlace(t *testing.T) {
	for name, c := range map[string]struct {
		answer transport.Answer
		body   string
		want   source.Phase
		text   string
		wait   time.Duration
	}{
		"refused":          {transport.Answer{Status: 401, Type: "application/json"}, `{"error":{"code":"unauthenticated","message":"who are you?"}}`, source.Refused, "who are you?", 0},
		"not found":        {transport.Answer{Status: 404}, "", source.Refused, "the server answered with status 404", 0},
		"asked to stop":    {transport.Answer{Status: 204}, "", source.Closed, "the server asked the page to stop", 0},
		"too many":         {transport.Answer{Status: 429, RetryAfter: "7"}, "", source.Waiting, "the server answered with status 429", 7 * time.Second},
		"a page to log in": {transport.Answer{Status: 200, Type: "text/html"}, "", source.Waiting, "the answer is a page and no stream: one to log in, or a captive portal's", 0},
	} {
		for _, before := range [][]string{nil, {helloAgain}} {
			synctest.Test(t, func(t *testing.T) {
				get := func(context.Context, string) (transport.Answer, string, error) {
					if len(before) > 0 {
						before = nil
						return transport.Answer{Status: 200}, helloAgain, nil
					}
					return c.answer, c.body, nil
				}
				probe := func(context.Context, string) (transport.Answer, error) {
					t.Errorf("%s: a probe was made", name)
					return transport.Answer{}, errors.ErrUnsupported
				}
				src := source.New(source.Options{Topics: []string{"a"}, Transport: transport.Polls(get), Environment: calm{}, Probe: probe, Rand: func() float64 { return 0.5 }})
				if err := src.Start(); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				s := src.State()
				if s.Phase != c.want || s.Reason.Text != c.text || s.Reason.Status != c.answer.Status || c.want == source.Waiting && time.Until(s.Until) < max(c.wait, 1) {
					t.Errorf("%s: the state is %+v", name, s)
				}
				src.Close()
				<-src.Done()
			})
		}
	}
}
