package transport

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// polled runs a long poll against answers, one a request, of which the last is
// never given, for as long as it takes; it returns what was asked, when, and
// what was received.
func polled(t *testing.T, for_ time.Duration, answers ...string) (asked, received []string) {
	return polledBy(t, LongPoll{}.open, for_, answers...)
}

// An opener opens a connection of polls.
type opener func(Request, func(...Signal), getter) (release func(), err error)

func polledBy(t *testing.T, open opener, for_ time.Duration, answers ...string) (asked, received []string) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		get := func(ctx context.Context, address string) (Answer, string, error) {
			u, _ := url.Parse(address)
			asked = append(asked, fmt.Sprint(time.Since(begin), " ", u.Path, " after=", u.Query().Get("after"), " wait=", u.Query().Get("wait")))
			if len(answers) == 0 {
				<-ctx.Done()
				return Answer{}, "", ctx.Err()
			}
			answer := answers[0]
			answers = answers[1:]
			switch {
			case answer == "broken":
				return Answer{}, "", errors.New("TypeError: Failed to fetch")
			case strings.HasPrefix(answer, "5"):
				return Answer{Status: 503}, answer, nil
			case strings.HasPrefix(answer, "<html>"):
				return Answer{Status: 200, Type: "text/html"}, answer, nil
			}
			return Answer{Status: 200, Type: "text/plain; charset=utf-8"}, answer, nil
		}
		emit := func(all ...Signal) {
			for _, s := range all {
				switch s.Kind {
				case ConnectionOpened:
					received = append(received, "open")
				case FrameArrived:
					received = append(received, s.Frame.Name+" "+s.Frame.LastEventID)
				case ConnectionFailed:
					received = append(received, fmt.Sprint("failed ", s.ReadyState, " ", s.Err))
				}
			}
		}
		release, err := open(Request{URL: "/events?topic=a&after=e-1-x", Names: []string{"hello", "heartbeat", "a", "bye", "reset"}}, emit, get)
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(for_)
		release()
	})
	return asked, received
}

const resumedHello = "event: hello\ndata: {\"mode\":\"resumed\"}\n\n"

func TestPollsAreOneConnection(t *testing.T) {
	asked, received := polled(t, 3*time.Second,
		"id: e-1-x\n"+resumedHello+"id: e-2-x\nevent: a\ndata: 1\n\nid: e-2-x\nevent: heartbeat\ndata: e-2-x\n\n",
		"id: e-2-x\n"+resumedHello+"id: e-3-x a 1796040000007\nevent: a\ndata: 1\n\n",
		"id: e-3-x\n"+resumedHello+"id: e-5-x\nevent: heartbeat\ndata: e-5-x\n\n",
	)
	if want := []string{"0s /poll after=e-1-x wait=0", "0s /poll after=e-2-x wait=25000", "0s /poll after=e-3-x wait=25000", "500ms /poll after=e-5-x wait=25000"}; !slices.Equal(asked, want) {
		t.Errorf("the server was asked %q, want %q", asked, want)
	}
	if want := []string{"open", "hello e-1-x", "a e-2-x", "heartbeat e-2-x", "a e-3-x a 1796040000007", "heartbeat e-5-x"}; !slices.Equal(received, want) {
		t.Errorf("the source received %q, want %q", received, want)
	}
}

// What a page does not listen for moves its position all the same: an answer
// that is full of it would come again and again.
func TestPollsContinueAfterFramesThatAreNotListenedFor(t *testing.T) {
	asked, received := polled(t, 3*time.Second,
		"id: e-1-x\n"+resumedHello+"id: e-2-x\nevent: other\ndata: 1\n\n",
		"id: e-2-x\n"+resumedHello+"id: e-3-x\nevent: other\ndata: 1\n\n", // full: there is more
		"id: e-3-x\n"+resumedHello+"id: e-4-x\nevent: other\ndata: 1\n\nid: e-4-x\nevent: heartbeat\ndata: e-4-x\n\n",
	)
	if want := []string{"0s /poll after=e-1-x wait=0", "0s /poll after=e-2-x wait=25000", "0s /poll after=e-3-x wait=25000", "500ms /poll after=e-4-x wait=25000"}; !slices.Equal(asked, want) {
		t.Errorf("the server was asked %q, want %q", asked, want)
	}
	if want := []string{"open", "hello e-1-x", "heartbeat e-4-x"}; !slices.Equal(received, want) {
		t.Errorf("the source received %q, want %q", received, want)
	}
}

// A server, or a cache, that answers with the same again and again is not asked
// all the time.
func TestAnswersThatDoNotGoOnAreNotHurried(t *testing.T) {
	same := "id: e-1-x\n" + resumedHello + "id: e-2-x\nevent: a\ndata: 1\n\n"
	asked, _ := polled(t, 1200*time.Millisecond, same, same, same, same, same)
	if len(asked) != 4 {
		t.Errorf("the server was asked %q", asked)
	}
}

func TestPollsGoToTheStreamsServer(t *testing.T) {
	for _, c := range []struct{ path, stream, want string }{
		{"/poll", "/events?topic=a", "/poll?topic=a"},
		{"/poll", "https://events.example.com/v1/events?topic=a", "https://events.example.com/poll?topic=a"},
		{"https://poll.example.com/", "/events?topic=a", "https://poll.example.com/?topic=a"},
	} {
		if u, err := readdress(c.path, c.stream); err != nil || u.String() != c.want {
			t.Errorf("%s for %s is %v, %v, want %s", c.path, c.stream, u, err, c.want)
		}
	}
}

func TestPollsThatEnd(t *testing.T) {
	first := "id: e-1-x\n" + resumedHello
	for _, c := range []struct {
		name, second string
		want         []string
	}{
		{"broken", "broken", []string{"failed 0 the server cannot be reached"}},
		{"refused", "503", []string{"failed 2 the server answered with status 503"}},
		{"no frames", "nothing", []string{"failed 2 the answer to a poll holds no frames"}},
		{"a page", "<html>", []string{"failed 2 the answer is a page and no stream: one to log in, or a captive portal's"}},
		{"a reset", "event: hello\ndata: {\"mode\":\"reset\"}\n\nid: f-1\nevent: reset\ndata: {}\n\n", []string{"failed 1 the polls do not continue each other"}},
		{"a fresh start", "id: e-1-x\nevent: hello\ndata: {\"mode\":\"live\"}\n\n", []string{"failed 1 the polls do not continue each other"}},
		{"a bye", "id: e-1-x\n" + resumedHello + "event: bye\ndata: {}\n\n", []string{"bye e-1-x"}},
		{"a refusal", "event: bye\ndata: {}\n\n", []string{"bye "}},
		{"a reset and a bye", "event: hello\ndata: {\"mode\":\"reset\"}\n\nid: f-1\nevent: reset\ndata: {}\n\nevent: bye\ndata: {}\n\n", []string{"failed 1 the polls do not continue each other"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked, received := polled(t, time.Minute, first, c.second)
			if len(asked) != 2 {
				t.Errorf("the server was asked %q", asked)
			}
			if want := append([]string{"open", "hello e-1-x"}, c.want...); !slices.Equal(received, want) {
				t.Errorf("the source received %q, want %q", received, want)
			}
		})
	}
}

func TestThereIsNoPollOutsideOfABrowser(t *testing.T) {
	if canGet {
		return
	}
	if _, err := (LongPoll{}).Open(Request{}, nil); !errors.Is(err, ErrUnsupported) {
		t.Errorf("the error is %v", err)
	}
}
