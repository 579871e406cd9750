package live_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/live"
	"github.com/seawaykit/seaway/shared/command"
	"github.com/seawaykit/seaway/shared/event"
)

type (
	sighting     struct{ Ship string }
	reportResult struct{ ID event.ID }
)

var (
	sighted = event.Define[sighting]("example.sighted")
	report  = command.Define[sighting, reportResult]("example.report")
)

// A server of one topic and one command, over a log in memory. A program serves it
// by Run, or has Main open the log as well.
func Example() {
	log := eventlog.NewMemory(eventlog.Retention{})
	srv, err := live.New(log, live.Options{Follow: live.Public("harbour"), Call: live.Anyone})
	if err != nil {
		fmt.Println(err)
		return
	}
	live.Handle(srv, report, func(ctx context.Context, s sighting) (reportResult, error) {
		s.Ship = strings.ToUpper(s.Ship)
		id, err := sighted.Publish(ctx, log, "harbour", s, command.Once(ctx))
		return reportResult{id}, err
	})
	server := httptest.NewServer(srv.Handler())
	defer server.Close()
	ctx := context.Background()
	defer srv.Shutdown(ctx)

	if _, err := command.Call(ctx, report, sighting{"Sea Cloud"}, command.To(server.URL)); err != nil {
		fmt.Println(err)
	}
	events, _, err := srv.Snapshot(ctx, []string{"harbour"}, 10)
	fmt.Println(len(events), string(events[0].Data()), err)
	// Output: 1 {"Ship":"SEA CLOUD"} <nil>
}
