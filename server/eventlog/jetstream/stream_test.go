package jetstream_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/jetstream"
	"github.com/seawaykit/seaway/shared/event"
)

func streams(t *testing.T, nc *nats.Conn) natsjs.JetStream {
	t.Helper()
	js, err := natsjs.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

func streamConfig(t *testing.T, nc *nats.Conn, name string) natsjs.StreamConfig {
	t.Helper()
	stream, err := streams(t, nc).Stream(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return stream.CachedInfo().Config
}

func TestOpenRefusesWhatCannotWork(t *testing.T) {
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	if _, err := streams(t, nc).CreateStream(t.Context(), natsjs.StreamConfig{Name: "FOREIGN", Subjects: []string{"foreign.>"}}); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		options jetstream.Options
		says    string
	}{
		{"a stream's name with a dot", jetstream.Options{Stream: "a.b"}, "a stream's name"},
		{"a stream's name with a wildcard", jetstream.Options{Stream: "*"}, "a stream's name"},
		{"a prefix with a wildcard", jetstream.Options{Subject: "a.>"}, "subject"},
		{"an epoch with a dash", jetstream.Options{Epoch: "a-b"}, "epoch"},
		{"a stream made for something else", jetstream.Options{Stream: "FOREIGN"}, "seaway.epoch"},
		{"subjects of another stream", jetstream.Options{Subject: "foreign"}, "overlap"},
		{"events that the server does not take", jetstream.Options{Retention: eventlog.Retention{MaxEvent: 2 << 20}}, "max_payload"},
		{"more replicas than servers", jetstream.Options{Replicas: 3}, "replicas"},
	}
	for _, test := range tests {
		// Without a deadline: these do not get better by waiting.
		_, err := jetstream.Open(t.Context(), nc, test.options)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: the error is %v", test.name, err)
		}
	}
}

func TestOpenWaitsForTheServerAsLongAsItMay(t *testing.T) {
	n := startNode(t)
	nc := connect(t, "", nats.InProcessServer(n))
	n.stop()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := jetstream.Open(ctx, nc, jetstream.Options{}); !errors.Is(err, eventlog.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %v", err)
	}
	n.start(t, n.dir)
	open(t, nc, jetstream.Options{})
}

func TestOpensAtTheSameTimeAgreeOnTheEpoch(t *testing.T) {
	n := startNode(t)
	ids := make([]event.ID, 8)
	var wg sync.WaitGroup
	for i := range ids {
		nc := connect(t, "", nats.InProcessServer(n))
		wg.Go(func() {
			log, err := jetstream.Open(t.Context(), nc, jetstream.Options{})
			if err != nil {
				t.Error(err)
				return
			}
			defer log.Close()
			if ids[i], err = log.Append(t.Context(), event.Draft{Topic: "a", Type: "test"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id.Epoch() != ids[0].Epoch() {
			t.Errorf("the epochs differ: %v", ids)
		}
	}
}

func TestOpenChangesAStreamToItsOptions(t *testing.T) {
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	open(t, nc, jetstream.Options{Epoch: "first"})
	c := streamConfig(t, nc, "SEAWAY")
	if c.MaxMsgs != 1_000_000 || c.MaxBytes != 1<<30 || c.MaxAge != 7*24*time.Hour || c.Duplicates != 2*time.Minute || c.Replicas != 1 {
		t.Errorf("the default stream is %+v", c)
	}
	c.Description = "set by an operator"
	if _, err := streams(t, nc).UpdateStream(t.Context(), c); err != nil {
		t.Fatal(err)
	}

	log := open(t, nc, jetstream.Options{Epoch: "second", Retention: eventlog.Retention{MaxEvents: 7, MaxAge: time.Minute}})
	c = streamConfig(t, nc, "SEAWAY")
	if c.MaxMsgs != 7 || c.MaxAge != time.Minute || c.Duplicates != time.Minute {
		t.Errorf("the changed stream is %+v", c)
	}
	if c.Description != "set by an operator" {
		t.Errorf("the operator's description is now %q", c.Description)
	}
	if state, err := log.State(t.Context()); err != nil || state.Epoch != "first" {
		t.Errorf("the state is %+v (%v)", state, err)
	}
}

func TestStreamThatExistsIsNotCreatedAgain(t *testing.T) {
	nc := connect(t, "", nats.InProcessServer(startNode(t)))
	existing := jetstream.Options{Existing: true}
	if _, err := jetstream.Open(t.Context(), nc, existing); !errors.Is(err, jetstream.ErrMissing) {
		t.Errorf("the error is %v", err)
	}
	if _, err := streams(t, nc).Stream(t.Context(), "SEAWAY"); !errors.Is(err, natsjs.ErrStreamNotFound) {
		t.Errorf("the stream was created: %v", err)
	}
	open(t, nc, jetstream.Options{})
	open(t, nc, existing)
}

// startGuarded starts a server with the users admin and app. That has the rights of the
// least privileged one of the documentation of Options, and more.
func startGuarded(t *testing.T, more ...string) *server.Server {
	t.Helper()
	rights := append([]string{
		"seaway.>", "$JS.API.STREAM.INFO.SEAWAY", "$JS.API.STREAM.MSG.GET.SEAWAY", "$JS.API.DIRECT.GET.SEAWAY",
		"seaway-values.>", "$JS.API.STREAM.INFO.SEAWAY-VALUES", "$JS.API.STREAM.MSG.GET.SEAWAY-VALUES", "$JS.API.DIRECT.GET.SEAWAY-VALUES",
		"$JS.API.STREAM.PURGE.SEAWAY-VALUES", "$JS.API.STREAM.MSG.DELETE.SEAWAY-VALUES", "$JS.API.STREAM.PURGE.SEAWAY",
	}, more...)
	s := startServer(t, &server.Options{
		ServerName: "guarded", StoreDir: t.TempDir(), JetStream: true, DontListen: true, NoSigs: true, NoLog: true,
		Users: []*server.User{
			{Username: "admin", Password: "admin"},
			{Username: "app", Password: "app", Permissions: &server.Permissions{
				Publish:   &server.SubjectPermission{Allow: rights},
				Subscribe: &server.SubjectPermission{Allow: []string{"seaway-live.>", "_INBOX.>"}},
			}},
		},
	})
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s
}

func TestPermissionsThatAreDocumentedSuffice(t *testing.T) {
	s := startGuarded(t, "$JS.API.STREAM.UPDATE.SEAWAY")
	open(t, connect(t, "", nats.InProcessServer(s), nats.UserInfo("admin", "admin")), jetstream.Options{})
	log := open(t, connect(t, "", nats.InProcessServer(s), nats.UserInfo("app", "app")), jetstream.Options{})

	tail := follow(t, log, 1)
	draft := event.Draft{Topic: "a", Type: "test", Key: "k", ExpectLast: new(uint64), Latest: true}
	id, err := log.Append(t.Context(), draft)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := log.Append(t.Context(), draft); err != nil || again != id {
		t.Errorf("the retry gives %s (%v), want %s", again, err, id)
	}
	if ids, err := log.AppendAll(t.Context(), drafts("three", 3)); err != nil || len(ids) != 3 {
		t.Errorf("three drafts: %v, %v", ids, err)
	}
	tail.until(t, "the event", func() bool { return len(tail.events) == 4 && tail.events[0].ID() == id })
	if page, err := log.Read(t.Context(), 1, 10, "a", "b"); err != nil || len(page.Events) != 4 {
		t.Errorf("a read gives %+v (%v)", page, err)
	}
	v := eventlog.Value{Name: "v", Position: id, Data: make([]byte, 1<<20), Holds: true}
	put(t, log, v, event.ID{})
	put(t, log, v, id)
	if got, err := log.Get(t.Context(), "v"); err != nil || len(got.Data) != len(v.Data) {
		t.Errorf("a value of %d bytes (%v)", len(got.Data), err)
	}
	if err := errors.Join(log.Trim(t.Context()), log.Delete(t.Context(), "v", id)); err != nil {
		t.Error(err)
	}
	if names, err := log.Names(t.Context(), ""); err != nil || len(names) > 0 {
		t.Errorf("the names are %q (%v)", names, err)
	}
}
