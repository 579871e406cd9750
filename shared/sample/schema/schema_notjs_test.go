//go:build !js

package schema_test

import (
	"testing"

	"github.com/seawaykit/seaway/shared/event/eventtest"
	_ "github.com/seawaykit/seaway/shared/sample/schema"
)

func TestSchema(t *testing.T) { eventtest.Golden(t, "schema.txt") }
