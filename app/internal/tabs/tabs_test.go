package tabs_test

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seawaykit/seaway/app/internal/tabs/tabstest"
	"github.com/seawaykit/seaway/app/transport"
	"github.com/seawaykit/seaway/shared/fault"
)

// moment waits for what takes a browser's tabs a moment.
func moment() {
	<-time.After(200 * time.Millisecond)
	synctest.Wait() // which, unlike the clock, orders what happened before
}

// A bare is a Transport of one connection, without the server.
type bare struct{ emit func(...transport.Signal) }

func (b *bare) Open(_ transport.Request, emit func(...transport.Signal)) (release func(), err error) {
	b.emit = emit
	return func() {}, nil
}

// A transport may know why a connection failed, even in the server's own words.
func TestFailureTravelsWithItsReason(t *testing.T) {
	refusal := fault.New(fault.Forbidden, "not yours")
	for _, why := range []error{errors.New("a reason"), refusal} {
		synctest.Test(t, func(t *testing.T) {
			browser := &tabstest.Browser{Rand: rand.New(rand.NewPCG(1, 2))}
			var received []transport.Signal
			open := func(emit func(...transport.Signal)) (conn *bare, release func()) {
				conn = &bare{}
				release, err := browser.NewTab().Share(conn).Open(transport.Request{URL: "/events"}, emit)
				if err != nil {
					t.Fatal(err)
				}
				moment()
				return conn, release
			}
			conn, release := open(func(...transport.Signal) {})
			defer release()
			_, release = open(func(s ...transport.Signal) { received = append(received, s...) })
			defer release()
			conn.emit(transport.Signal{Kind: transport.ConnectionFailed, ReadyState: transport.ReadyClosed, Err: why})
			moment()
			want := transport.Signal{Kind: transport.ConnectionFailed, ReadyState: transport.ReadyClosed, Err: why}
			if len(received) != 1 || !reflect.DeepEqual(received[0], want) {
				t.Errorf("the follower was sent %+v, want %+v", received, want)
			}
		})
	}
}
