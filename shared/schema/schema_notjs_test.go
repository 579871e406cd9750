//go:build !js

package schema_test

import (
	"testing"

	"github.com/seawaykit/seaway/shared/event/eventtest"
	_ "github.com/seawaykit/seaway/shared/schema"
)

func TestSchema(t *testing.T) { eventtest.Golden(t, "schema.txt") }
