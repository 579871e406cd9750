package httpd_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/eventlog/eventlogtest"
	"github.com/seawaykit/seaway/server/httpd"
)

func TestMain(m *testing.M) { eventlogtest.Main(m) }

// serve serves h over HTTP/1.1, or HTTP/2 with TLS.
func serve(t *testing.T, major int, h http.HandlerFunc, change func(*http.Server)) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config = httpd.New(h, httpd.Options{})
	if change != nil {
		change(server.Config)
	}
	if server.EnableHTTP2 = major == 2; major == 2 {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server
}

func TestHeadersAreAtMost64KiB(t *testing.T) {
	for _, major := range []int{1, 2} {
		server := serve(t, major, func(http.ResponseWriter, *http.Request) {}, nil)
		for size, want := range map[int]int{55 << 10: 200, 64 << 10: 431} {
			req, err := http.NewRequestWithContext(t.Context(), "GET", server.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			for range 8 {
				req.Header.Add("X-Large", strings.Repeat("x", size/8))
			}
			resp, err := server.Client().Do(req)
			if err != nil {
				if major == 2 && want == 431 {
					continue // this client knows the limit and does not send it
				}
				t.Errorf("HTTP/%d: headers of %d KiB: %v", major, size>>10, err)
				continue
			}
			resp.Body.Close()
			if resp.ProtoMajor != major || resp.StatusCode != want {
				t.Errorf("HTTP/%d: headers of %d KiB are answered by status %d over HTTP/%d, want %d", major, size>>10, resp.StatusCode, resp.ProtoMajor, want)
			}
		}
	}
}

// A deadlined is a response that notes its request's deadline.
type deadlined struct {
	*httptest.ResponseRecorder
	lifted bool
}

func (d *deadlined) SetReadDeadline(t time.Time) error {
	d.lifted = t.IsZero()
	return nil
}

// The deadline is for the request's arrival, not for the handler's work.
func TestRequestThatHasArrivedHasNoDeadline(t *testing.T) {
	h := httpd.New(http.NotFoundHandler(), httpd.Options{}).Handler
	for body, want := range map[string]bool{"": true, "x": false} {
		w := &deadlined{ResponseRecorder: httptest.NewRecorder()}
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", strings.NewReader(body)))
		if w.lifted != want {
			t.Errorf("a body of %d bytes: its deadline is lifted: %v", len(body), w.lifted)
		}
	}
}

// The bodies are larger than what all buffers on the way hold.
func TestAnswerThatIsNotTakenIsCut(t *testing.T) {
	for _, major := range []int{1, 2} {
		ended := make(chan error, 1)
		server := serve(t, major, func(w http.ResponseWriter, _ *http.Request) {
			var err error
			for chunk := make([]byte, 64<<10); err == nil; {
				_, err = w.Write(chunk)
			}
			ended <- err
		}, func(s *http.Server) { s.WriteTimeout = 2 * time.Second })
		resp, err := server.Client().Get(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		select {
		case <-ended:
		case <-time.After(30 * time.Second):
			t.Errorf("HTTP/%d: the handler still writes to a client that takes nothing", major)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err == nil || errors.Is(err, io.EOF) {
			t.Errorf("HTTP/%d: the answer looks complete", major)
		}
		resp.Body.Close()
	}
}

func TestLifetimeIsTheServersUnlessAMiddlewareGivesAnother(t *testing.T) {
	type key struct{}
	derived := map[string]func(context.Context) (context.Context, context.CancelFunc){
		"none": func(ctx context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} },
		"a value": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithValue(ctx, key{}, 1), func() {}
		},
		"a cancellation": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithCancel(ctx)
		},
		"a deadline": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Hour)
		},
	}
	for name, derive := range derived {
		for _, major := range []int{1, 2} {
			var life context.Context
			var ok bool
			server := serve(t, major, func(_ http.ResponseWriter, r *http.Request) {
				ctx, cancel := derive(r.Context())
				defer cancel()
				life, ok = httpd.Lifetime(r.WithContext(ctx))
			}, nil)
			resp, err := server.Client().Get(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if want := major == 1 && (name == "none" || name == "a value"); ok != want {
				t.Errorf("%s over HTTP/%d: %v, want %v", name, major, ok, want)
			}
			if ok && life.Err() != nil {
				t.Errorf("%s: it has ended with the request", name)
			}
		}
	}
	if _, ok := httpd.Lifetime(httptest.NewRequest("GET", "/", nil)); ok {
		t.Error("it is known of a request of no server")
	}
}
