package jetstream_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/jetstream"
	"github.com/seawaykit/seaway/shared/event"
)

func TestConnectOpensALogThatOwnsItsConnection(t *testing.T) {
	s := startServer(t, &server.Options{
		ServerName: "listening", StoreDir: t.TempDir(), JetStream: true, Host: "127.0.0.1", Port: -1,
		Username: "seaway", Password: "secret", NoSigs: true, NoLog: true,
	})
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	url := strings.Replace(s.ClientURL(), "nats://", "nats://seaway:secret@", 1)
	log, err := jetstream.Connect(t.Context(), jetstream.Server{URL: url}, jetstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := log.Append(t.Context(), event.Draft{Topic: "a", Type: "test"}); err != nil {
		t.Error(err)
	}
	if n := s.NumClients(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
	if err := log.Close(); err != nil {
		t.Error(err)
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(timeout); s.NumClients() > 0; <-tick.C {
		if time.Now().After(deadline) {
			t.Fatal("the connection outlives its log")
		}
	}
}

func TestConnectReportsWhatIsWrongWithoutTheSecret(t *testing.T) {
	for _, s := range []jetstream.Server{
		{URL: "nats://seaway:secret@127.0.0.1:notaport"},
		{URL: "nats://seaway:secret@127.0.0.1:1", Credentials: "/nowhere/seaway.creds"},
		{URL: "tls://seaway:secret@127.0.0.1:1", CA: "/nowhere/ca.pem"},
	} {
		log, err := jetstream.Connect(t.Context(), s, jetstream.Options{Retention: eventlog.Retention{}})
		if err == nil {
			log.Close()
			t.Errorf("%+v was accepted", s)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
}
