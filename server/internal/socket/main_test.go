package socket_test

import (
	"testing"

	"github.com/seawaykit/seaway/server/eventlog/eventlogtest"
)

func TestMain(m *testing.M) { eventlogtest.Main(m) }
