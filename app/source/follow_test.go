package source_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/source"
	"github.com/seawaykit/seaway/app/source/sourcetest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/event"
	"github.com/seawaykit/seaway/shared/fault"
	"github.com/seawaykit/seaway/shared/wire"
)

// on returns the frame of event number n, on a topic.
func on(topic string, n uint64) transport.Frame {
	return sourcetest.EventOn(noted, event.Meta{ID: at(n), Topic: topic, At: time.Unix(int64(n), 0)}, note{n})
}

// ons returns the frames of events on one topic.
func ons(topic string, numbers ...uint64) (frames []transport.Frame) {
	for _, n := range numbers {
		frames = append(frames, on(topic, n))
	}
	return frames
}

// retained answers a connection that asks for what is retained of a topic: with the
// events of these numbers, on a log whose newest has number head.
func retained(t *testing.T, c *sourcetest.Conn, topic string, head uint64, numbers ...uint64) {
	t.Helper()
	if q := query(t, c); q.Get("topic") != topic || len(q["topic"]) != 1 || q.Has("after") || q.Get("last") != "3" || q.Get("catchup") != "1" {
		t.Errorf("what is retained was asked for by %v", q)
	}
	from := event.Position("e1", head)
	if len(numbers) > 0 {
		from = at(numbers[0]).Before()
	}
	c.Send(sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Head: at(head), Mode: wire.Live}, from))
	c.Send(ons(topic, numbers...)...)
	c.Send(sourcetest.Heartbeat(at(head)))
	synctest.Wait()
	if !released(c) {
		t.Error("the connection that brought what is retained is still open")
	}
}

// followed begins a page that is live on topic a at number 10 and follows b, of which
// it has events 2 and 5 as well.
func followed(t *testing.T, p *page) *sourcetest.Conn {
	t.Helper()
	first := p.live(wire.Live, at(10))
	mustFollow(t, p, "b")
	retained(t, p.server.Next(), "b", 10, 2, 5)
	conn := p.server.Next()
	if q := query(t, conn); !slices.Equal(q["topic"], []string{"a", "b"}) || q.Get("after") != at(10).String() {
		t.Errorf("the new connection asks for %v", q)
	}
	conn.Send(sourcetest.Hello(wire.Resumed, at(10)))
	synctest.Wait()
	if !released(first) || released(conn) {
		t.Error("the first connection is not released for the second")
	}
	return conn
}

func mustFollow(t *testing.T, p *page, topics ...string) {
	t.Helper()
	if err := p.Follow(topics...); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

func mustUnfollow(t *testing.T, p *page, topics ...string) {
	t.Helper()
	if err := p.Unfollow(topics...); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

var following = source.Options{Topics: []string{"a"}, Last: 3}

func TestFollowBringsWhatIsRetainedAndThenWhatIsLive(t *testing.T) {
	inBubble(t, following, func(t *testing.T, p *page) {
		conn := followed(t, p)
		p.expect(t, "connecting", "live", "batch", "2", "5", "batch")
		p.expectPosition(t, at(10))
		conn.Send(on("a", 11), on("b", 12))
		p.expect(t, "11", "12", "batch")
		if got := p.Topics(); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("it follows %q", got)
		}
		conn.Break()
		if q := query(t, p.server.Next()); !slices.Equal(q["topic"], []string{"a", "b"}) || q.Get("after") != at(12).String() {
			t.Errorf("it comes back for %v", q)
		}
	})
}

// The first connection goes on, and may be ahead of what is retained, of the new
// connection, or behind both.
func TestFollowRepeatsAndLosesNothingWhereverTheConnectionsAre(t *testing.T) {
	for name, c := range map[string]struct {
		head                     uint64 // at which the retained events end: of 1..head, the even ones are on b
		before, during, retained []uint64
		after                    string // asked for
		then, want               []uint64
	}{
		"all at one place":            {head: 10, retained: []uint64{6, 8, 10}, after: "10", want: []uint64{6, 8, 10, 11, 12}, then: []uint64{11, 12}},
		"the retained are behind":     {head: 8, retained: []uint64{4, 6, 8}, after: "8", then: []uint64{9, 10, 11, 12}, want: []uint64{4, 6, 8, 10, 11, 12}},
		"the retained are ahead":      {head: 14, retained: []uint64{10, 12, 14}, after: "10", then: []uint64{11, 12, 13, 14, 15}, want: []uint64{10, 11, 12, 13, 14, 15}},
		"the page goes on meanwhile":  {head: 10, retained: []uint64{6, 8, 10}, before: []uint64{11}, after: "10", then: []uint64{11, 12, 13}, want: []uint64{11, 6, 8, 10, 12, 13}},
		"and while it is replaced":    {head: 10, retained: []uint64{6, 8, 10}, during: []uint64{11, 13}, after: "10", then: []uint64{11, 12, 13, 14}, want: []uint64{11, 13, 6, 8, 10, 12, 14}},
		"the retained are all newer":  {head: 16, retained: []uint64{12, 14, 16}, after: "10", then: []uint64{11, 12, 13, 14, 15, 16, 17}, want: []uint64{11, 12, 13, 14, 15, 16, 17}},
		"what is older is left out":   {head: 16, retained: []uint64{14, 16}, after: "10", then: []uint64{11, 12, 13, 14, 15, 16, 17}, want: []uint64{11, 13, 14, 15, 16, 17}},
		"and the page is newer still": {head: 14, retained: []uint64{10, 12, 14}, before: []uint64{11, 13, 15}, after: "14", then: []uint64{15, 16}, want: []uint64{11, 13, 15, 10, 12, 14, 16}},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, following, func(t *testing.T, p *page) {
				first := p.live(wire.Live, at(10))
				mustFollow(t, p, "b")
				fetch := p.server.Next()
				first.Send(ons("a", c.before...)...)
				synctest.Wait()
				retained(t, fetch, "b", c.head, c.retained...)
				conn := p.server.Next()
				after, err := event.ParseID(query(t, conn).Get("after"))
				if err != nil || fmt.Sprint(after.Seq()) != c.after {
					t.Errorf("the new connection resumes after %v, want %s", after, c.after)
				}
				first.Send(ons("a", c.during...)...)
				synctest.Wait()
				conn.Send(sourcetest.Hello(wire.Resumed, after))
				for _, n := range c.then {
					conn.Send(on([]string{"b", "a"}[n%2], n))
				}
				p.expectPosition(t, at(c.then[len(c.then)-1]))
				var got []uint64
				for _, e := range p.events {
					got = append(got, e.Value.N)
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("the page received %v, want %v", got, c.want)
				}
				if states := p.states; len(states) != 2 {
					t.Errorf("the page was told the states %v", states)
				}
			})
		})
	}
}

// A server that does not know how to report that it has caught up does so by its next
// heartbeat, or by an event that is newer than the connection.
func TestFollowWaitsUntilAllThatIsRetainedHasCome(t *testing.T) {
	for name, last := range map[string]transport.Frame{"a heartbeat": sourcetest.Heartbeat(at(10)), "a newer event": on("b", 11)} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, following, func(t *testing.T, p *page) {
				p.live(wire.Live, at(10))
				mustFollow(t, p, "b")
				fetch := p.server.Next()
				fetch.Send(sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Head: at(10), Mode: wire.Live, Heartbeat: 15_000}, at(1)))
				fetch.Send(on("b", 2), sourcetest.Heartbeat(at(9)), on("b", 10))
				<-time.After(20 * time.Second)
				if released(fetch) {
					t.Fatal("the connection is released before the newest event was reached")
				}
				fetch.Send(last)
				conn := p.server.Next()
				conn.Send(sourcetest.Hello(wire.Resumed, at(10)), on("b", 11))
				p.expectEvents(t, "connecting", "live", "live", "2", "10", "11") // the second is healthy
			})
		})
	}
}

// A page that asks for nothing that is retained gets what comes from now on.
func TestFollowWithoutLastBringsNewEventsOnly(t *testing.T) {
	inBubble(t, source.Options{Topics: []string{"a"}}, func(t *testing.T, p *page) {
		p.live(wire.Live, at(10))
		mustFollow(t, p, "c", "b", "a", "c")
		conn := p.server.Next()
		if q := query(t, conn); !slices.Equal(q["topic"], []string{"a", "b", "c"}) || q.Get("after") != at(10).String() || q.Has("catchup") {
			t.Errorf("the new connection asks for %v", q)
		}
		conn.Send(sourcetest.Hello(wire.Resumed, at(10)), on("c", 11))
		p.expect(t, "connecting", "live", "batch", "11", "batch")
	})
}

func TestFollowIsDoneWhenTheSourceIsLive(t *testing.T) {
	t.Run("before Start", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p := newPage(following)
			if err := p.Follow("b"); err != nil {
				t.Fatal(err)
			}
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			followed(t, p)
			p.expect(t, "connecting", "live", "batch", "2", "5", "batch")
			p.Close()
			<-p.Done()
		})
	})
	inBubble(t, following, func(t *testing.T, p *page) {
		conn := p.live(wire.Live, at(10))
		conn.Break()
		mustFollow(t, p, "b")
		if q := query(t, p.server.Next()); !slices.Equal(q["topic"], []string{"a"}) {
			t.Errorf("it comes back for %v", q)
		}
		if p.server.Waiting() > 0 {
			t.Error("it asks for what is retained while it is not live")
		}
	})
}

func TestFollowBeginsAgainWhenTheFirstConnectionBreaks(t *testing.T) {
	for name, stage := range map[string]func(t *testing.T, p *page) *sourcetest.Conn{
		"while what is retained comes": func(t *testing.T, p *page) *sourcetest.Conn {
			c := p.server.Next()
			c.Send(sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Head: at(10), Mode: wire.Live}, at(1)), on("b", 2))
			return c
		},
		"while it is replaced": func(t *testing.T, p *page) *sourcetest.Conn {
			retained(t, p.server.Next(), "b", 10, 2, 5)
			return p.server.Next()
		},
		"while the new one is behind": func(t *testing.T, p *page) *sourcetest.Conn {
			retained(t, p.server.Next(), "b", 9, 2, 5)
			c := p.server.Next()
			c.Send(sourcetest.Hello(wire.Resumed, at(9)))
			return c
		},
	} {
		for how, end := range map[string]func(c *sourcetest.Conn){
			"it breaks": (*sourcetest.Conn).Break,
			"it is reset": func(c *sourcetest.Conn) {
				c.Send(sourcetest.Reset(at(10), wire.Replaced))
			},
		} {
			t.Run(name+", "+how, func(t *testing.T) {
				inBubble(t, following, func(t *testing.T, p *page) {
					first := p.live(wire.Live, at(10))
					mustFollow(t, p, "b")
					half := stage(t, p)
					synctest.Wait()
					end(first)
					synctest.Wait()
					if !released(half) {
						t.Error("the half-made connection is still open")
					}
					if released(first) {
						p.live(wire.Resumed, at(10))
					}
					retained(t, p.server.Next(), "b", 10, 2, 5)
					p.server.Next().Send(sourcetest.Hello(wire.Resumed, at(10)), on("b", 11))
					synctest.Wait()
					var got []uint64
					for _, e := range p.events {
						got = append(got, e.Value.N)
					}
					if !slices.Equal(got, []uint64{2, 5, 11}) {
						t.Errorf("the page received %v", got)
					}
				})
			})
		}
	}
}

func TestFollowOfWhatTheServerRefusesIsReportedAndHarmless(t *testing.T) {
	forbidden := fault.New(fault.Forbidden, "not you")
	for name, c := range map[string]struct {
		probe  transport.Answer
		refuse func(c *sourcetest.Conn)
		text   string
	}{
		"by a fault":              {refuse: func(c *sourcetest.Conn) { c.Send(sourcetest.Fault(wire.Fault{Error: *forbidden})) }, text: "not you"},
		"by what a poll got":      {refuse: func(c *sourcetest.Conn) { c.Fail(&transport.AnswerError{Answer: transport.Answer{Status: 403}}) }, text: "403"},
		"by a fault of transport": {refuse: func(c *sourcetest.Conn) { c.Fail(forbidden) }, text: "not you"},
		"by its status":           {probe: transport.Answer{Status: 403}, refuse: (*sourcetest.Conn).Reject, text: "403"},
		"for good":                {probe: transport.Answer{Status: 204}, refuse: (*sourcetest.Conn).Reject, text: "204"},
	} {
		for stage, refusedIn := range map[string]int{"what is retained": 0, "the new connection": 1} {
			t.Run(name+", "+stage, func(t *testing.T) {
				opts := following
				opts.Probe = answers(c.probe)
				inBubble(t, opts, func(t *testing.T, p *page) {
					var errs []error
					p.failed = func(err error) { errs = append(errs, err) }
					first := p.live(wire.Live, at(10))
					mustFollow(t, p, "b", "c")
					if refusedIn == 1 {
						p.server.Next().Send(sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Head: at(10), Mode: wire.Live}, at(10)))
					}
					c.refuse(p.server.Next())
					first.Send(on("a", 11))
					synctest.Wait()
					var refused *source.FollowError
					if len(errs) != 1 || !errors.As(errs[0], &refused) || !slices.Equal(refused.Topics, []string{"b", "c"}) {
						t.Fatalf("reported: %v", errs)
					}
					if refused.Reason.Fault != nil && !errors.Is(errs[0], refused.Reason.Fault) {
						t.Errorf("%v is not the server's error", errs[0])
					}
					reported := slices.Sorted(slices.Values(p.read())) // the refusal comes in between
					if want := []string{"11", "batch", "connecting", "error of another kind", "live"}; !slices.Equal(reported, want) {
						t.Errorf("the page was told %q, want %q", reported, want)
					}
					if got := p.Topics(); !slices.Equal(got, []string{"a"}) || p.server.Unreleased() != 1 {
						t.Errorf("it follows %q with %d connections", got, p.server.Unreleased())
					}
					mustFollow(t, p, "b") // may be tried again
					p.server.Next()
				})
			})
		}
	}
}

func TestFollowThatFailsIsTriedAgain(t *testing.T) {
	opts := following
	opts.Probe = answers(transport.Answer{Status: 503, RetryAfter: "100"})
	for name, fail := range map[string]func(c *sourcetest.Conn){
		"broken": (*sourcetest.Conn).Break,
		"not now": func(c *sourcetest.Conn) {
			c.Send(sourcetest.Fault(wire.Fault{Error: *fault.New(fault.Unavailable, "not now")}))
		},
		"no stream":   (*sourcetest.Conn).Reject,
		"another log": func(c *sourcetest.Conn) { c.Send(sourcetest.Hello(wire.Live, elsewhere(3))) },
		"a reset":     func(c *sourcetest.Conn) { c.Send(sourcetest.Hello(wire.Reset, event.ID{})) },
		"no hello":    func(c *sourcetest.Conn) { c.Send(on("b", 2)) },
		"a bye":       func(c *sourcetest.Conn) { c.Send(sourcetest.Bye(wire.Bye{Retry: 1000})) },
		"silence":     func(*sourcetest.Conn) {},
		"another schema": func(c *sourcetest.Conn) {
			c.Send(sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Head: at(10), Mode: wire.Live, Schema: map[string]string{"test.noted": "0"}}, at(9)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, opts, func(t *testing.T, p *page) {
				first := p.live(wire.Live, at(10))
				mustFollow(t, p, "b")
				mustFollow(t, p, "c")
				b := p.server.Next()
				fail(b)
				c := p.server.Next() // another call's topics have their turn
				if !released(b) || query(t, c).Get("topic") != "c" {
					t.Errorf("after a failure %v is asked for", query(t, c))
				}
				retained(t, c, "c", 10, 7)
				fail(p.server.Next())
				first.Send(on("a", 11))
				again := p.server.Next()
				retained(t, again, query(t, again).Get("topic"), 11)
				p.server.Next().Send(sourcetest.Hello(wire.Resumed, at(11)))
				last := p.server.Next()
				retained(t, last, query(t, last).Get("topic"), 11)
				p.server.Next().Send(sourcetest.Hello(wire.Resumed, at(11)))
				synctest.Wait()
				if got := slices.Sorted(slices.Values(p.Topics())); !slices.Equal(got, []string{"a", "b", "c"}) {
					t.Errorf("it follows %q", got)
				}
				if p.server.Unreleased() != 1 || slices.ContainsFunc(p.states[1:], func(s source.State) bool { return s.Phase != source.Live }) {
					t.Errorf("%d connections, the states %v", p.server.Unreleased(), p.states)
				}
			})
		})
	}
}

func TestUnfollowTakesEffectAtOnce(t *testing.T) {
	inBubble(t, following, func(t *testing.T, p *page) {
		conn := followed(t, p)
		p.read()
		p.onNote = func(n uint64) {
			if n == 12 {
				if err := p.Unfollow("b"); err != nil {
					t.Error(err)
				}
			}
		}
		conn.Send(on("b", 11), on("a", 12), on("b", 13), on("a", 14), on("b", 15))
		p.expect(t, "11", "12", "14", "batch")
		p.expectPosition(t, at(15))
		if released(conn) {
			t.Error("the connection was changed")
		}
		conn.Break()
		if q := query(t, p.server.Next()); !slices.Equal(q["topic"], []string{"a"}) {
			t.Errorf("it comes back for %v", q)
		}
	})
}

func TestRenewLeavesUnfollowedTopics(t *testing.T) {
	inBubble(t, following, func(t *testing.T, p *page) {
		conn := followed(t, p)
		p.read()
		mustUnfollow(t, p, "b")
		p.Renew()
		synctest.Wait()
		next := p.server.Next()
		if q := query(t, next); !slices.Equal(q["topic"], []string{"a"}) || q.Get("after") != at(10).String() {
			t.Errorf("the new connection asks for %v", q)
		}
		next.Send(sourcetest.Hello(wire.Resumed, at(10)), on("a", 11))
		conn.Send(on("a", 11), on("b", 12))
		next.Send(on("a", 13))
		p.expectEvents(t, "11", "13")
		if !released(conn) || released(next) {
			t.Error("the old connection is not released for the new one")
		}
	})
}

func TestUnfollowedTopicsBeginAnew(t *testing.T) {
	inBubble(t, following, func(t *testing.T, p *page) {
		conn := followed(t, p)
		p.read()
		mustUnfollow(t, p, "b")
		conn.Send(on("b", 11))
		mustFollow(t, p, "b")
		retained(t, p.server.Next(), "b", 11, 2, 5, 11)
		again := p.server.Next()
		again.Send(sourcetest.Hello(wire.Resumed, at(11)), on("b", 12))
		p.expectEvents(t, "2", "5", "11", "12")
	})
}

func TestUnfollowEndsAFollowThatIsUnderWay(t *testing.T) {
	inBubble(t, following, func(t *testing.T, p *page) {
		p.live(wire.Live, at(10))
		mustFollow(t, p, "b", "c")
		half := p.server.Next()
		mustUnfollow(t, p, "c")
		if !released(half) {
			t.Error("it still asks for both")
		}
		retained(t, p.server.Next(), "b", 10)
		half = p.server.Next()
		mustUnfollow(t, p, "b")
		if !released(half) || p.server.Unreleased() != 1 || !slices.Equal(p.Topics(), []string{"a"}) {
			t.Errorf("it follows %q with %d connections", p.Topics(), p.server.Unreleased())
		}
		half.Send(sourcetest.Hello(wire.Resumed, at(10)), on("b", 11))
		p.expect(t, "connecting", "live")
	})
}

func TestFollowAndUnfollowReportWhatIsWrong(t *testing.T) {
	inBubble(t, following, func(t *testing.T, p *page) {
		p.live(wire.Live, at(10))
		var bad *event.NameError
		if err := p.Follow("b", "not a topic"); !errors.As(err, &bad) {
			t.Errorf("a bad topic: %v", err)
		}
		if err := p.Unfollow("a", "z"); !errors.Is(err, source.ErrNoTopics) {
			t.Errorf("the last topic: %v", err)
		}
		mustFollow(t, p, "a")
		mustUnfollow(t, p, "b")
		if p.server.Unreleased() != 1 || !slices.Equal(p.Topics(), []string{"a"}) {
			t.Errorf("it follows %q with %d connections", p.Topics(), p.server.Unreleased())
		}
		p.Close()
		if err := p.Follow("b"); !errors.Is(err, source.ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
		if err := p.Unfollow("b"); !errors.Is(err, source.ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	})
}

// A page that knows the older form of an event alone finds it behind the newer one.
func TestFollowBringsOlderForms(t *testing.T) {
	newer := func(n uint64) transport.Frame {
		return transport.Frame{Name: "test.noted.2", Data: "{}", LastEventID: event.Meta{ID: at(n), Topic: "b"}.String()}
	}
	inBubble(t, following, func(t *testing.T, p *page) {
		p.live(wire.Live, at(10))
		mustFollow(t, p, "b")
		fetch := p.server.Next()
		fetch.Send(sourcetest.HelloFrom(wire.Hello{Epoch: "e1", Head: at(10), Mode: wire.Live}, at(1)))
		fetch.Send(newer(2), on("b", 2), on("b", 5), on("b", 5), newer(2), on("b", 2), newer(10), on("b", 10), sourcetest.Heartbeat(at(10)))
		conn := p.server.Next()
		conn.Send(sourcetest.Hello(wire.Resumed, at(10)), newer(11), on("b", 11))
		p.expectEvents(t, "connecting", "live", "2", "5", "10", "11")
	})
}
