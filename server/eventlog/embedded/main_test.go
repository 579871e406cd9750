package embedded

import (
	"log/slog"
	"os"
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/eventlogtest"
)

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		play(role)
		return
	}
	eventlogtest.Main(m)
}

// logger returns a logger that writes to the test's own output.
func logger(t testing.TB) *slog.Logger { return slog.New(slog.NewTextHandler(t.Output(), nil)) }

// rounds returns how often a test repeats what takes seconds: a third with -short.
func rounds(n int) int {
	if testing.Short() {
		n = max(2, n/3)
	}
	return n
}

func openLog(t *testing.T, o Options) *Log {
	t.Helper()
	if o.Logger == nil {
		o.Logger = logger(t)
	}
	log, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close() })
	return log
}

func TestEmbeddedLogKeepsThePromises(t *testing.T) {
	eventlogtest.Run(t, eventlogtest.Harness{
		Open: func(t *testing.T, r eventlog.Retention) eventlog.Log {
			return openLog(t, Options{Dir: t.TempDir(), Retention: r})
		},
		Reopen: func(t *testing.T, log eventlog.Log) eventlog.Log {
			log.Close()
			return openLog(t, Options{Dir: log.(*Log).o.Dir})
		},
		Fault: func(t *testing.T, log eventlog.Log) func() {
			l := log.(*Log)
			l.engine.stop()
			if err := l.begin(t.Context()); err != nil {
				t.Fatal(err)
			}
			return func() {}
		},
		Backup: func(t *testing.T, log eventlog.Log) (eventlog.Log, func() eventlog.Log) {
			l := log.(*Log)
			log.Close()
			backup := copyOf(t, l.o.Dir)
			again := openLog(t, Options{Dir: l.o.Dir})
			return again, func() eventlog.Log {
				again.Close()
				return openLog(t, Options{Dir: backup})
			}
		},
	})
}
