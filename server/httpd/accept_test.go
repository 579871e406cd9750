package httpd

import (
	"context"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// beginAll begins n connections, and returns them with the number of those that have a
// place.
func beginAll(a *accepter, n int) (conns []net.Conn, begun func() int) {
	has := make(chan struct{}, n)
	for range n {
		conn, _ := net.Pipe()
		conns = append(conns, conn)
	}
	go func() { // the server accepts one after the other
		for _, conn := range conns {
			a.begin(conn)
			has <- struct{}{}
		}
	}()
	return conns, func() int {
		synctest.Wait()
		return len(has)
	}
}

func TestConnectionsBeginSomeAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAccepter()
		conns, begun := beginAll(a, maxBeginning+10)
		if n := begun(); n != maxBeginning {
			t.Errorf("%d have begun, want %d", n, maxBeginning)
		}
		for i, state := range []http.ConnState{http.StateIdle, http.StateHijacked, http.StateClosed} {
			a.state(conns[i], http.StateActive)
			if n := begun(); n != maxBeginning+i {
				t.Errorf("with a request, %d have begun, want %d", n, maxBeginning+i)
			}
			a.state(conns[i], state)
			a.state(conns[i], http.StateClosed) // the place is another's by now
			if n := begun(); n != maxBeginning+i+1 {
				t.Errorf("after %v, %d have begun, want %d", state, n, maxBeginning+i+1)
			}
		}
		a.end(conns[9])
		if n := begun(); n != maxBeginning+4 {
			t.Errorf("after the beginning of an answer, %d have begun", n)
		}
		time.Sleep(time.Second)
	})
}

// Clients that send no request, or whose answer does not come, keep no others out.
func TestPlaceOfASlowConnectionIsFreed(t *testing.T) {
	for name, tc := range map[string]struct {
		heads bool
		limit time.Duration
	}{"without a request": {false, headWait}, "without an answer": {true, answerWait}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := newAccepter()
				conns, begun := beginAll(a, maxBeginning+1)
				begun()
				for _, conn := range conns[:maxBeginning] {
					if tc.heads {
						a.state(conn, http.StateActive)
					}
				}
				time.Sleep(tc.limit - time.Millisecond)
				if n := begun(); n != maxBeginning {
					t.Errorf("before %v, %d have begun", tc.limit, n)
				}
				time.Sleep(time.Millisecond)
				if n := begun(); n != maxBeginning+1 {
					t.Errorf("after %v, %d have begun", tc.limit, n)
				}
				time.Sleep(time.Second)
				synctest.Wait()
				if len(a.beginning) > 0 || len(a.places) > 0 {
					t.Errorf("%d connections and %d places are left", len(a.beginning), len(a.places))
				}
			})
		})
	}
}

func TestAnsweredLetsTheServerAcceptOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := New(http.NotFoundHandler(), Options{})
		contexts := make(chan context.Context, maxBeginning+1)
		go func() {
			for range maxBeginning + 1 {
				conn, _ := net.Pipe()
				ctx := server.ConnContext(t.Context(), conn)
				server.ConnState(conn, http.StateActive)
				contexts <- ctx
			}
		}()
		synctest.Wait()
		if n := len(contexts); n != maxBeginning {
			t.Errorf("%d are accepted, want %d", n, maxBeginning)
		}
		r, err := http.NewRequestWithContext(<-contexts, "GET", "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		Answered(r)
		Answered(r)
		synctest.Wait()
		if n := len(contexts); n != maxBeginning {
			t.Errorf("after one is answered %d are accepted, want one more", n)
		}
		time.Sleep(time.Second)
	})
}
