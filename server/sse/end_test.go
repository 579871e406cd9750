package sse_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/seawaykit/seaway/server/sse"
)

// It distinguishes an intended end from a crash: see also
// [TestStreamEndsWithItsContext].
func TestBodyIsCompleteAfterItsLastFrame(t *testing.T) {
	onEachPath(t, func(t *testing.T, p path) {
		r := newRig(t, config{path: p})
		s := r.stream("topic=a", "")
		if err := r.handler.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		expect(t, "at the end", s.next().name, "bye")
		expect(t, "then", s.next(), frame{name: "END", data: "EOF"})
		f := r.stream("topic=a", "")
		expect(t, "a refusal", f.first.name, "fault")
		expect(t, "then", f.next(), frame{name: "END", data: "EOF"})
	})
}

// derive gives each request a context that ends with another one.
func derive(from context.Context) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithCancel(r.Context())
			defer cancel()
			defer context.AfterFunc(from, cancel)()
			h.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

func TestStreamEndsWithItsContext(t *testing.T) {
	onEachPath(t, func(t *testing.T, p path) {
		for _, of := range []string{"the server", "a middleware"} {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			c := config{path: p, sse: sse.Options{Heartbeat: time.Hour}, base: ctx}
			if of == "a middleware" {
				c.base, c.wrap = nil, derive(ctx)
			}
			r := newRig(t, c)
			s := r.stream("topic=a", "")
			r.publish("a", "1")
			expect(t, "event of a stream with a context of "+of, s.read(1), "1")
			stats := r.handler.Stats()
			expect(t, "on the fast path with a context of "+of, stats.Fast == 1, p == fast && of == "the server")
			cancel()
			r.handler.Wait()
			if f := s.next(); f.name != "END" || f.data == "EOF" {
				t.Errorf("the context of %s has ended, and then comes %+v, want a body that is cut", of, f)
			}
		}
	})
}

type valueKey struct{}

// A context that only adds values ends with the connection.
func TestContextWithAValueStaysOnTheFastPath(t *testing.T) {
	r := newRig(t, config{wrap: func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), valueKey{}, 1)))
		})
	}})
	s := r.stream("topic=a", "")
	r.publish("a", "1")
	expect(t, "event", s.read(1), "1")
	expect(t, "on the fast path", r.handler.Stats().Fast, 1)
}
