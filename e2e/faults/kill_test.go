package faults_test

import (
	"testing"

	"github.com/seawaykit/seaway/e2e/faults/program"
)

func TestPostsOutliveKill(t *testing.T) {
	t.Parallel()
	p := program.Start(t)
	id := p.Post("lobby", "ann", "hello")
	p.Kill()
	p.Start()
	if next := p.Post("lobby", "ann", "again"); next == id {
		t.Errorf("two posts have the id %s", id)
	}
}
