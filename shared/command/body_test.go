//go:build !js

package command_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/seawaykit/seaway/shared/command"
)

// A deadlined is a response that notes its request's deadlines.
type deadlined struct {
	*httptest.ResponseRecorder
	set []time.Time
}

func (d *deadlined) SetReadDeadline(t time.Time) error {
	d.set = append(d.set, t)
	return nil
}

// net/http reads what is left of a body when it has been answered for.
func TestBodyKeepsItsDeadlineUntilItHasCome(t *testing.T) {
	mux := adder(t, command.Options{Authorize: anyone, MaxBody: 100}, nil)
	whole, cut := strings.NewReader(`{"A":1,"B":2}`), iotest.ErrReader(io.ErrUnexpectedEOF)
	for _, tc := range []struct {
		name         string
		body         io.Reader
		server       *http.Server
		sets, clears bool
	}{
		{"a body that has come", whole, nil, true, true},
		{"one that does not", cut, nil, true, false},
		{"one that is too large", strings.NewReader(strings.Repeat(" ", 200)), nil, true, false},
		{"one that the server bounds", cut, &http.Server{ReadTimeout: time.Second}, false, false},
		{"one that the server does not", cut, &http.Server{ReadHeaderTimeout: time.Second}, true, false},
	} {
		req := httptest.NewRequest("POST", command.PathPrefix+add.Name(), tc.body)
		req.Header.Set("Content-Type", "application/json")
		if tc.server != nil {
			req = req.WithContext(context.WithValue(req.Context(), http.ServerContextKey, tc.server))
		}
		w := &deadlined{ResponseRecorder: httptest.NewRecorder()}
		mux.ServeHTTP(w, req)
		sets := len(w.set) > 0 && !w.set[0].IsZero()
		clears := len(w.set) > 0 && w.set[len(w.set)-1].IsZero()
		if sets != tc.sets || clears != tc.clears {
			t.Errorf("%s: status %d, deadlines %v", tc.name, w.Code, w.set)
		}
	}
}
