package eventlog_test

import (
	"testing"

	"github.com/seawaykit/seaway/server/eventlog"
	"github.com/seawaykit/seaway/server/eventlog/eventlogtest"
)

func TestMemoryKeepsThePromises(t *testing.T) {
	eventlogtest.Run(t, eventlogtest.Harness{
		Open: func(t *testing.T, r eventlog.Retention) eventlog.Log {
			log := eventlog.NewMemory(r)
			t.Cleanup(func() { log.Close() })
			return log
		},
	})
}
