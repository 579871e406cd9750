package presence_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/seawaykit/seaway/server/access"
	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"
	presences "github.com/seawaykit/seaway/server/presence"
	"github.com/seawaykit/seaway/shared/presence"
)

// Example has a user who follows the clock, and is in the list of the site for that.
func Example() {
	type Profile struct{ Name string }
	guests := presence.Define[Profile]("example.guests")
	names := map[string]string{"u1": "Ann"}

	srv, err := live.New(eventlog.NewMemory(eventlog.Retention{}), live.Options{
		Logger:   slog.New(slog.DiscardHandler),
		Identify: func(r *http.Request) (string, error) { return r.Header.Get("X-User"), nil },
		Follow:   access.ByTopic(map[string]access.Rule{"clock": access.Everyone}),
	})
	if err != nil {
		panic(err)
	}
	here := presences.Serve(srv, guests, access.Users, func(_ context.Context, user string) (Profile, error) {
		return Profile{names[user]}, nil
	})
	server := httptest.NewServer(srv.Handler())
	defer server.Close()
	defer srv.Shutdown(context.Background())

	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	follow, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/events?topic=clock", nil)
	follow.Header.Set("X-User", "u1")
	stream, err := http.DefaultClient.Do(follow)
	if err != nil {
		panic(err)
	}
	defer stream.Body.Close()

	for again := time.NewTicker(10 * time.Millisecond); ; <-again.C {
		if list, err := here.List(presence.Site); err == nil && list.Count() > 0 {
			fmt.Println(list.People()[0].Profile.Name, "is here")
			return
		}
	}
	// Output:
	// Ann is here
}
